import CloudProfiles
import Gateway
import SCIM
import Store
import Tenancy

extension OperatorDesk {
    /// Removes the store, connections and tokens of a tenant whose file is gone, for good.
    ///
    /// - Throws: a problem while a file declares the tenant, or when nothing is kept of it.
    package func purgeTenant(_ order: AdminMessages.PurgeTenant) async throws(AdminMessages.Problem)
        -> AdminMessages.PurgedTenant
    {
        guard EntityName(order.tenant) != nil else {
            throw .invalid("'\(order.tenant)' is no name of a tenant")
        }
        let id = Tenant.ID(order.tenant)
        try requireGone(id)
        var purged = AdminMessages.PurgedTenant(files: [], connections: [], tokens: [])
        for runtime in core.runtimes {
            let profile = runtime.profile.name
            let contents = try await contents(of: runtime)
            let connections = contents.connections.filter { $0.tenant == id }.map(\.connection.id.text)
            let tokens = contents.tokens.filter { $0.tenant == id }.map(\.id.text)
            let files = core.making.files(id, profile)
            purged.files += files.map { .init(path: $0.path, bytes: $0.bytes) }
            purged.connections += connections
            purged.tokens += tokens
            guard !order.isDryRun, files.count + connections.count + tokens.count > 0 else { continue }
            // Before anything is removed: what went without an entry could not be asked about any more.
            let text = "Files: \(files.count), connections: \(connections.count), tokens: \(tokens.count)."
            try await Self.asking { () async throws(StoreError) in
                try await noteAside(.tenantPurged, of: id, explaining: text, in: runtime)
                // The rows first: what is left by a crash between is a store that nobody can open, and this goes again.
                if !connections.isEmpty || !tokens.isEmpty { try await runtime.control.removeAll(of: id) }
                try await runtime.stores.alone(with: id, of: profile) { () async throws(StoreError) in
                    guard runtime.directory.tenant(id) == nil else {
                        throw .unavailable("The tenant's file is there again.")
                    }
                    try await core.making.remove(id, profile)
                }
            }
        }
        guard !purged.files.isEmpty || !purged.connections.isEmpty || !purged.tokens.isEmpty else {
            throw .notFound("nothing is kept of a tenant '\(id)'")
        }
        if !order.isDryRun { try await refresh() }
        return purged
    }

    /// Refuses a tenant that a file declares, also one whose file was not taken up yet, or not given up yet.
    private func requireGone(_ id: Tenant.ID) throws(AdminMessages.Problem) {
        let path = "\(core.settings.tenants.directory)/\(id).yaml"
        guard !core.making.isFile(path) else {
            throw .conflict(
                "tenant \(id) is declared in \(path); remove that file, then: scim-gateway reload, and purge it after that"
            )
        }
        guard !core.runtimes.contains(where: { $0.directory.tenant(id) != nil }) else {
            throw .conflict(
                "tenant \(id) is served still, though its file is gone; first: scim-gateway reload"
            )
        }
    }
}
