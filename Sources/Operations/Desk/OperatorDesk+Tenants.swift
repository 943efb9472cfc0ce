import CloudProfiles
import Configuration
import Gateway
import SCIM
import Store
import Tenancy

// MARK: - Orders about tenants

extension OperatorDesk {
    /// Tenants by name, a page at a time: those that are served, and those whose file never was in force.
    ///
    /// Learners are counted for the page alone, one store after another: a list of 10,000 tenants opens none of them
    /// unless it is asked to, and 1,000 at most.
    ///
    /// - Throws: a problem when the page is too large.
    package func tenants(_ order: AdminMessages.TenantsOrder) async throws(AdminMessages.Problem)
        -> AdminMessages.TenantRows
    {
        guard (1...Self.tenantsAtMost).contains(order.count) else {
            throw .invalid("count is 1 to \(Self.tenantsAtMost), not \(order.count)")
        }
        let overview = TenantOverview(core)
        let names = overview.names
        let rest = names.drop { name in order.after.map { name <= $0 } ?? false }
        let page = rest.prefix(order.count)
        let counting = order.countsLearners ? LearnerCounting(core) : nil
        var rows: [AdminMessages.TenantRow] = []
        for name in page { rows.append(await row(name, overview, counting)) }
        return AdminMessages.TenantRows(
            tenants: rows,
            total: names.count,
            next: rest.count > page.count ? page.last : nil
        )
    }

    /// All that is known of one tenant.
    ///
    /// - Throws: a problem when there is no such tenant.
    package func tenant(_ name: String) async throws(AdminMessages.Problem) -> AdminMessages.TenantDetail {
        let overview = TenantOverview(core)
        guard overview.names.contains(name) else {
            // Tells which names there are.
            _ = try core.tenant(named: name)
            throw .notFound("there is no tenant '\(name)'")
        }
        let found = overview.served[name]
        let profile = found?.0.profile
        return AdminMessages.TenantDetail(
            tenant: await row(name, overview, LearnerCounting(core)),
            file: "\(core.settings.tenants.directory)/\(name).yaml",
            tenantURL: profile.flatMap { core.publicURL(of: $0.name) }.map { $0 + "/scim/v2" },
            portal: profile?.portal,
            groups: found?.1.groups.map { .init(group: $0.id.text, displayName: $0.displayName) } ?? [],
            connections: found == nil ? [] : try await connections(of: name),
            findings: overview.findings[name]?.map(\.description) ?? []
        )
    }

    private func row(_ name: String, _ overview: TenantOverview, _ counting: LearnerCounting?) async
        -> AdminMessages.TenantRow
    {
        guard let (runtime, tenant) = overview.served[name] else {
            return AdminMessages.TenantRow(
                tenant: name,
                displayName: name,
                status: "refused",
                connections: 0,
                problems: overview.problems(of: name)
            )
        }
        var row = AdminMessages.TenantRow(
            tenant: name,
            displayName: tenant.displayName,
            profile: tenant.profile.rawValue,
            status: tenant.status.rawValue,
            connections: tenant.connections.count,
            lastSeen: overview.lastSeen[name]?.rfc3339,
            problems: overview.problems(of: name)
        )
        guard let counting else { return row }
        do throws(StoreError) {
            let counts = try await counting.learners(of: tenant, runtime, actor: actor)
            (row.users, row.activeUsers) = (counts.total, counts.active)
        } catch {
            row.problems.append("store: \(error.operatorText)")
        }
        return row
    }

    /// Tenants of one page: a count of learners opens as many stores.
    private static let tenantsAtMost = 1_000
}

/// Counts learners without making a store where there is none.
private struct LearnerCounting {
    /// The tenants that have a store.
    private let existing: Set<Tenant.ID>

    init(_ core: GatewayCore) {
        existing = core.tenantsWithStores
    }

    func learners(of tenant: Tenant, _ runtime: ProfileRuntime, actor: String) async throws(StoreError)
        -> LearnerCounts
    {
        guard existing.contains(tenant.id) else { return LearnerCounts(total: 0, active: 0) }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: actor)
        return try await runtime.stores.store(for: scope).learnerCounts()
    }
}
