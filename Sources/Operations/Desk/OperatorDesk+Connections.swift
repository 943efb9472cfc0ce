import CloudProfiles
import Dialects
import Gateway
import SCIM
import Store
import Tenancy

// MARK: - Orders about connections

extension OperatorDesk {
    /// All connections, or those of one tenant; those of the control database that cannot be used, too.
    ///
    /// - Throws: a problem when the tenant does not exist.
    package func connections(of tenantName: String?) async throws(AdminMessages.Problem)
        -> [AdminMessages.ConnectionRow]
    {
        if let tenantName { _ = try core.tenant(named: tenantName) }
        var rows: [AdminMessages.ConnectionRow] = []
        for runtime in core.runtimes {
            let made = try await contents(of: runtime).connections
            let created = Dictionary(
                made.map { ($0.key, $0.created) },
                uniquingKeysWith: { first, _ in first }
            )
            let tenants = runtime.directory.tenants.values
            let served = tenants.flatMap { tenant in tenant.connections.map { (tenant.id, $0) } }
            for (tenant, connection) in served {
                rows.append(row(connection, of: tenant, created[.init(tenant, connection.id)], runtime))
            }
            let known = Set(served.map { ConnectionKey($0, $1.id) })
            for orphan in made where !known.contains(orphan.key) {
                rows.append(
                    row(orphan.connection, of: orphan.tenant, orphan.created, runtime, isInForce: false)
                )
            }
        }
        return rows.filter { tenantName == nil || $0.tenant == tenantName }
            .sorted { ($0.tenant, $0.connection) < ($1.tenant, $1.connection) }
    }

    /// Removes a connection: its tokens end at once, and its learners become unmanaged.
    ///
    /// - Throws: a problem when no such connection exists, or when a file declares it.
    package func removeConnection(_ order: AdminMessages.RemoveConnection)
        async throws(AdminMessages.Problem) -> AdminMessages.RemovedConnection
    {
        let key = ConnectionKey(Tenant.ID(order.tenant), Connection.ID(order.connection))
        for runtime in core.runtimes {
            let before = runtime.directory
            if let declared = before.tenant(key.tenant)?.connections.first(where: { $0.id == key.connection }
            ),
                declared.origin == .file
            {
                throw .conflict(
                    "connection \(key) is declared in \(core.settings.tenants.directory)/\(key.tenant).yaml; remove it there, "
                        + "then: scim-gateway reload"
                )
            }
            let contents = try await contents(of: runtime)
            guard contents.connections.contains(where: { $0.key == key }) else { continue }
            let now = runtime.now()
            let tokens = ConnectionTokens(of: key, contents, before, at: now)
            guard order.isDryRun != true else {
                return .init(endedTokens: tokens.living.map(\.text), findings: [])
            }
            let ended = try await Self.asking { () async throws(StoreError) in
                try await runtime.control.remove(key.connection, of: key.tenant, at: now)
            }.filter { !tokens.ended.contains($0) }
            try await refresh()
            let told = await ReloadConsequences(runtime: runtime, before: before).carryOut()
            let list = ended.isEmpty ? nil : "These tokens ended with it: \(Self.list(ended.map(\.text)))."
            note(.connectionRemoved, of: key.tenant, key.connection, explaining: list, in: runtime)
            return .init(endedTokens: ended.map(\.text), findings: told)
        }
        let (_, tenant) = try core.tenant(named: order.tenant)
        _ = try Self.connection(order.connection, of: tenant)
        throw .notFound("connection \(key) is not in the control database")
    }

    /// What a profile's control database holds.
    func contents(of runtime: ProfileRuntime) async throws(AdminMessages.Problem) -> ControlContents {
        try await Self.asking { () async throws(StoreError) in try await runtime.control.contents() }
    }

    private func row(
        _ connection: Connection,
        of tenant: Tenant.ID,
        _ created: Timestamp?,
        _ runtime: ProfileRuntime,
        isInForce: Bool = true
    ) -> AdminMessages.ConnectionRow {
        let (directory, now) = (runtime.directory, runtime.now())
        let lives = directory.lives(of: connection.id, in: tenant)
        return AdminMessages.ConnectionRow(
            tenant: tenant.text,
            connection: connection.id.text,
            displayName: connection.displayName,
            group: connection.group?.text,
            dialect: connection.dialect.name.rawValue,
            attributes: connection.attributes.rawValue,
            origin: connection.origin.rawValue,
            isInForce: isInForce,
            created: created?.rfc3339,
            activeTokens: lives.filter { $0.isLive(at: now) }.map(\.record.id.text),
            lastUsed: lives.compactMap { $0.use.record?.last }.max()?.rfc3339,
            tenantURL: core.publicURL(of: runtime.profile.name).map { $0 + "/scim/v2" }
        )
    }
}

/// A connection's name together with its tenant's: `contoso/head-office`.
private struct ConnectionKey: Hashable, CustomStringConvertible {
    let tenant: Tenant.ID
    let connection: Connection.ID

    init(_ tenant: Tenant.ID, _ connection: Connection.ID) {
        self.tenant = tenant
        self.connection = connection
    }

    var description: String { "\(tenant)/\(connection)" }
}

/// The tokens of a connection that commands made, told apart by whether a moment finds them alive.
///
/// Looked for in the control database, for a connection that is not in force has tokens as well; told apart by their
/// lives, for the database does not see the end of one in whose place another has stepped.
private struct ConnectionTokens {
    /// Those that live, in the order of their ids.
    private(set) var living: [AccessToken.ID] = []
    /// Those that have ended.
    private(set) var ended: Set<AccessToken.ID> = []

    init(of key: ConnectionKey, _ contents: ControlContents, _ directory: TenantDirectory, at now: Timestamp)
    {
        let lives = TokenLives(contents: contents, before: directory)
        for record in contents.tokens where ConnectionKey(record.tenant, record.connection) == key {
            if lives.life(of: record).isLive(at: now) {
                living.append(record.id)
            } else {
                ended.insert(record.id)
            }
        }
        living.sort { $0.text < $1.text }
    }
}

extension ControlContents.MadeConnection {
    fileprivate var key: ConnectionKey { ConnectionKey(tenant, connection.id) }
}
