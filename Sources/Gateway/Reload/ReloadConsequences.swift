import SCIM
import Store
package import Tenancy

/// What a change of a tenant's file means for the learners in its store.
///
/// A removed connection's learners become unmanaged, so that another connection can take them up. A removed group that
/// still holds learners stays in the store until they are gone, and is told.
package struct ReloadConsequences {
    let runtime: ProfileRuntime
    let before: TenantDirectory

    /// The consequences of what a profile serves now, after this directory.
    package init(runtime: ProfileRuntime, before: TenantDirectory) {
        self.runtime = runtime
        self.before = before
    }

    /// Carries the consequences out, tenant by tenant.
    ///
    /// Gives what must be told.
    package func carryOut() async -> [String] {
        var told: [String] = []
        for tenant in runtime.directory.tenants.values {
            guard let previous = before.tenant(tenant.id) else { continue }
            let kept = Set(tenant.connections.map(\.id))
            let groups = Set(tenant.groups.map(\.id))
            let removedGroups = previous.groups.filter { !groups.contains($0.id) }
            guard !removedGroups.isEmpty || previous.connections.contains(where: { !kept.contains($0.id) })
            else { continue }
            do throws(StoreError) {
                let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "reload")
                let store = try await runtime.stores.store(for: scope)
                try await store.release(learnersNotOf: tenant.connections.map(\.id))
                for group in removedGroups { told += try await finding(about: group, of: tenant, in: store) }
            } catch {
                told.append(
                    "tenant \(tenant.id): warning: its store cannot be opened (\(error.operatorText))"
                )
            }
        }
        return told.sorted()
    }

    /// What of a directory, if it were put in the place of the present one, cannot come to pass: groups that still hold
    /// learners.
    func findings(after directory: TenantDirectory) async -> [String] {
        var told: [String] = []
        for tenant in directory.tenants.values {
            guard let previous = before.tenant(tenant.id) else { continue }
            let groups = Set(tenant.groups.map(\.id))
            do throws(StoreError) {
                for group in previous.groups where !groups.contains(group.id) {
                    let scope = OperatorAccess.scope(
                        tenant: previous,
                        profile: runtime.profile,
                        operator: "plan"
                    )
                    let store = try await runtime.stores.store(for: scope)
                    told += try await finding(about: group, of: tenant, in: store)
                }
            } catch {
                told.append(
                    "tenant \(tenant.id): warning: its store cannot be opened (\(error.operatorText))"
                )
            }
        }
        return told.sorted()
    }

    /// Tells when a removed group still holds learners, and how many.
    private func finding(about group: TargetGroup, of tenant: Tenant, in store: any TenantStore)
        async throws(StoreError)
        -> [String]
    {
        var literal = JSONWriter()
        literal.string(group.displayName)
        let text = "groups.display eq " + String(decoding: literal.bytes, as: UTF8.self)
        // A display name that makes no filter (over 8 KiB) cannot be in a file: ConfigurationLimits.textBytes is smaller.
        guard let parsed = try? ResolvedFilter.resolve(Filter.parse(text), type: .user, set: .full) else {
            return []
        }
        let page = try await store.search(
            StoreQuery(type: .user, filter: parsed, offset: 0, count: 0),
            for: Viewer(connection: nil, attributeSet: .full)
        )
        guard page.totalResults > 0 else { return [] }
        return [
            "tenant \(tenant.id): error: group '\(group.id)' is gone from the file but holds "
                + CountText.words(page.totalResults, "learner")
                + "; it stays as it is until they are moved or deleted\n  fix: put the group back"
        ]
    }
}
