import CloudProfiles
import Gateway
import SCIM
import Store
import Tenancy
import Transfer

extension OperatorDesk {
    /// Puts lines of a tenant's archive into a tenant: its file must have the archive's profile and groups.
    ///
    /// Without lines it only looks whether the archive may come in: into a tenant without users and groups of its own.
    /// Connections that the tenant does not have are made in the control database; they get tokens by command.
    ///
    /// - Throws: a problem when the archive does not fit, naming the line where one is at fault.
    package func importTenant(_ order: AdminMessages.ImportTenant) async throws(AdminMessages.Problem)
        -> AdminMessages.ImportedTenant
    {
        guard order.lines.count <= TransferLimits.linesAtOnce else {
            throw .invalid("at most \(TransferLimits.linesAtOnce) lines come at once")
        }
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let header = try Self.reading { () throws(ArchiveDamage) in
            try ArchiveHeader(reading: Array(order.header.utf8))
        }
        try requireFit(header, tenant)
        guard !order.lines.isEmpty else {
            try await requireRoom(order, tenant, runtime)
            return .init()
        }
        let lines = try Self.reading { () throws(ArchiveDamage) in
            var lines: [ArchiveLine] = []
            for (offset, line) in order.lines.enumerated() {
                lines.append(try ArchiveLine(reading: Array(line.utf8), line: order.firstLine + offset))
            }
            return lines
        }
        return try await store(lines, of: order, tenant, runtime)
    }

    private func store(
        _ lines: [ArchiveLine],
        of order: AdminMessages.ImportTenant,
        _ tenant: Tenant,
        _ runtime: ProfileRuntime
    ) async throws(AdminMessages.Problem) -> AdminMessages.ImportedTenant {
        var result = AdminMessages.ImportedTenant()
        var resources: [ArchivedResource] = []
        var members: [Membership] = []
        var hasEnded = false
        for line in lines {
            switch line {
            case .connection(let archived):
                guard !tenant.connections.contains(where: { $0.id == archived.connection.id }) else {
                    continue
                }
                result.connections.append(archived.connection.id.text)
                if !order.isDryRun { try await make(archived.connection, of: tenant, runtime) }
            case .resource(let resource): resources.append(resource)
            case .member(let membership): members.append(membership)
            case .end: hasEnded = true
            }
        }
        (result.resources, result.members) = (resources.count, members.count)
        guard !order.isDryRun else {
            let (archived, store) = (resources, try await store(of: tenant, runtime))
            result.resources = try await Self.putting { () async throws(StoreError) in
                try await store.lacking(archived)
            }
            return result
        }
        if !result.connections.isEmpty { try await refresh() }
        // Before they are in, they must not be taken for those of a connection that is gone.
        let (_, served) = try core.tenant(named: order.tenant)
        let (known, store) = (Set(served.connections.map(\.id)), try await store(of: served, runtime))
        if let stranger = resources.first(where: { $0.owner.map { !known.contains($0) } ?? false }) {
            throw .conflict(
                "\(stranger.id) is managed by a connection that neither the archive nor the tenant has"
            )
        }
        let (archived, memberships, isOver) = (resources, members, hasEnded)
        result.resources = try await Self.putting { () async throws(StoreError) in
            var count = 0
            if !archived.isEmpty {
                let entry = imported("Users, groups and records of an archive: \(archived.count).", runtime)
                count = try await store.reinstate(archived, noting: entry)
            }
            if !memberships.isEmpty {
                let entry = imported("Memberships of an archive: \(memberships.count).", runtime)
                try await store.reinstate(memberships, noting: entry)
            }
            if isOver { try await store.record([imported("The end of an archive.", runtime)], reads: []) }
            return count
        }
        return result
    }

    /// The entry of a part of an archive.
    private func imported(_ what: String, _ runtime: ProfileRuntime) -> ActivityEntry {
        var entry = ActivityEntry(.tenantImported, at: runtime.now(), by: origin)
        entry.explanation = what
        return entry
    }

    private func make(_ connection: Connection, of tenant: Tenant, _ runtime: ProfileRuntime)
        async throws(AdminMessages.Problem)
    {
        if let group = connection.group { _ = try Self.group(group.text, of: tenant) }
        let made = ControlContents.MadeConnection(
            tenant: tenant.id,
            connection: connection,
            created: runtime.now()
        )
        try await Self.asking { () async throws(StoreError) in try await runtime.control.add(made) }
    }

    private func requireFit(_ header: ArchiveHeader, _ tenant: Tenant) throws(AdminMessages.Problem) {
        guard header.profile == tenant.profile.rawValue else {
            throw .conflict(
                "the archive is of profile '\(header.profile)', and tenant \(tenant.id) of '\(tenant.profile.rawValue)'; "
                    + "a customer of one cloud does not go into another"
            )
        }
        let missing = header.groups.filter { group in !tenant.groups.contains { $0.id.text == group.id } }
        guard missing.isEmpty else {
            throw .conflict(
                "\(core.settings.tenants.directory)/\(tenant.id).yaml lacks groups of the archive: "
                    + Self.list(missing.map(\.id)) + "; add them, then: scim-gateway reload"
            )
        }
    }

    private func requireRoom(
        _ order: AdminMessages.ImportTenant,
        _ tenant: Tenant,
        _ runtime: ProfileRuntime
    ) async throws(AdminMessages.Problem) {
        guard !order.isResumed else { return }
        let isEmpty = try await reading(tenant, runtime) { snapshot throws(StoreError) in
            var query = RosterQuery()
            query.type = nil
            query.count = RosterQuery.limit
            // The groups of the tenant's file are there from the first moment on, and nobody has more than fit a page.
            let living = try await snapshot.roster(query)
            query.kind = .deleted
            let deleted = try await snapshot.roster(query)
            return living.entries.allSatisfy { $0.targetGroup != nil } && living.next == nil
                && deleted.entries.isEmpty
        }
        guard isEmpty else {
            throw .conflict(
                "tenant \(tenant.id) is not empty; an archive goes into an empty one. To go on with an import of the same file "
                    + "that was interrupted: --resume"
            )
        }
    }

    private static func reading<Value>(_ body: () throws(ArchiveDamage) -> Value)
        throws(AdminMessages.Problem) -> Value
    {
        do throws(ArchiveDamage) {
            return try body()
        } catch {
            throw .invalid("line \(error.line): \(error.reason)")
        }
    }

    /// Writes to a store; what does not fit is the archive's trouble, not the machine's.
    private static func putting<Value>(_ step: () async throws(StoreError) -> Value)
        async throws(AdminMessages.Problem) -> Value
    {
        do throws(StoreError) {
            return try await step()
        } catch {
            guard case .refused(let refusal) = error else { throw .unavailable(error) }
            throw .conflict(refusal.detail)
        }
    }
}
