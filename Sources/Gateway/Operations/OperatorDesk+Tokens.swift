import Crypto
import SCIM
import Store
import Tenancy

// MARK: - Orders about tokens

extension OperatorDesk {
    /// Another token of a connection; at most two may be live.
    ///
    /// - Throws: as ``connect(_:)``.
    package func createToken(_ order: AdminMessages.CreateToken) async throws(AdminMessages.Problem)
        -> AdminMessages.MadeToken
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let connection = try Self.connection(order.connection, of: tenant)
        let live = runtime.directory.lives(of: connection.id, in: tenant.id).count {
            $0.isLive(at: runtime.now())
        }
        guard live < TenancyLimits.liveTokens else {
            throw .conflict(
                "connection \(tenant.id)/\(connection.id) has \(live) active tokens already; revoke one first: "
                    + "scim-gateway token list \(tenant.id)"
            )
        }
        let (token, record) = try makeToken(
            for: connection.id,
            of: tenant,
            runtime,
            days: order.expiresInDays
        )
        try await Self.asking { () async throws(StoreError) in try await runtime.control.add(record) }
        try await core.refresh()
        let group = tenant.groups.first { $0.id == connection.group }
        return message(token, record, group: group, runtime)
    }

    /// All tokens, or those of one tenant: those that ended within ``TokenLife/listedDays``, too.
    ///
    /// - Throws: a problem when the tenant does not exist.
    package func tokens(of tenantName: String?) async throws(AdminMessages.Problem) -> [AdminMessages.TokenRow] {
        if let tenantName { _ = try core.tenant(named: tenantName) }
        var rows: [AdminMessages.TokenRow] = []
        for runtime in core.runtimes {
            let contents = try await Self.asking { () async throws(StoreError) in
                try await runtime.control.contents()
            }
            let (directory, now) = (runtime.directory, runtime.now())
            let made = contents.tokens.map(directory.life).filter { !$0.isForgotten(at: now) }
            let declared = directory.tokens.values.map(\.life).filter { $0.record.origin == .file }
            rows += (made + declared).map { Self.row($0, in: directory, now: now) }
        }
        return rows.filter { tenantName == nil || $0.tenant == tenantName }
            .sorted { ($0.tenant, $0.connection, $0.tokenID) < ($1.tenant, $1.connection, $1.tokenID) }
    }

    /// Ends a token at once.
    ///
    /// - Throws: a problem when no such token exists, or when a file declares it.
    package func revokeToken(_ id: String) async throws(AdminMessages.Problem) {
        guard let (runtime, record) = core.token(named: id) else {
            throw .notFound("no token has the id '\(id)'; see: scim-gateway token list")
        }
        guard record.origin == .control else {
            throw .conflict(
                "token \(id) is declared in the file of tenant \(record.tenant); write 'revoked: true' beside it there, then "
                    + "reload"
            )
        }
        let now = runtime.now()
        _ = try await Self.asking { () async throws(StoreError) in
            try await runtime.control.revoke(record.id, at: now)
        }
        try await core.refresh()
    }
}

// MARK: - Parts of them

extension OperatorDesk {
    /// A new token of a connection, and what is kept of it.
    func makeToken(
        for connection: Connection.ID,
        of tenant: Tenant,
        _ runtime: ProfileRuntime,
        days: Int
    )
        throws(AdminMessages.Problem) -> (AccessToken, TokenRecord)
    {
        let most = runtime.profile.tokens.maximumAgeDays
        guard (1...most).contains(days) else {
            throw .invalid(
                "a token of profile \(runtime.profile.name.rawValue) may live 1 to \(most) days, not \(days)"
            )
        }
        let now = runtime.now()
        let token = AccessToken.generate(in: runtime.library)
        let record = TokenRecord(
            id: token.id,
            digest: token.digest(in: runtime.library),
            tenant: tenant.id,
            connection: connection,
            created: now,
            expires: now.adding(days: Int64(days)),
            revoked: nil,
            origin: .control
        )
        return (token, record)
    }

    /// What tells the token to the one who asked for it.
    func message(
        _ token: AccessToken,
        _ record: TokenRecord,
        group: TargetGroup?,
        _ runtime: ProfileRuntime
    )
        -> AdminMessages.MadeToken
    {
        AdminMessages.MadeToken(
            token: token.text,
            tokenID: record.id.text,
            tenant: record.tenant.text,
            connection: record.connection.text,
            group: group?.displayName,
            tenantURL: core.publicURL(of: runtime.profile.name).map { $0 + "/scim/v2" },
            expires: record.expires?.rfc3339 ?? "-"
        )
    }

    /// The connection of that name.
    static func connection(_ name: String, of tenant: Tenant) throws(AdminMessages.Problem) -> Connection {
        guard let connection = tenant.connections.first(where: { $0.id.text == name }) else {
            throw .notFound(
                "tenant \(tenant.id) has no connection '\(name)'; it has: "
                    + list(tenant.connections.map(\.id.text))
            )
        }
        return connection
    }

    private static func row(_ life: TokenLife, in directory: TenantDirectory, now: Timestamp)
        -> AdminMessages.TokenRow
    {
        let record = life.record
        let used = life.use.record
        let isInForce = directory.token(record.id) != nil || !life.isLive(at: now)
        return AdminMessages.TokenRow(
            tokenID: record.id.text,
            tenant: record.tenant.text,
            connection: record.connection.text,
            created: record.created?.rfc3339,
            ends: life.end?.moment.rfc3339,
            firstUsed: used?.first.rfc3339,
            lastUsed: used?.last.rfc3339,
            lastNetwork: used?.network,
            lastClient: used?.client,
            state: isInForce ? life.state(at: now).rawValue : "not in force",
            origin: record.origin.rawValue
        )
    }
}
