import CloudProfiles
import Configuration
import Crypto
import Gateway
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
        let live = liveTokens(of: connection, tenant, runtime)
        guard live.count < TenancyLimits.liveTokens else { throw .noRoom(for: live, connection, tenant) }
        let (token, record) = try makeToken(
            for: connection.id,
            of: tenant,
            runtime,
            life: order.lifeSeconds,
            name: order.name,
            allowFrom: try .ordered(order.allowFrom, in: runtime)
        )
        var made = message(token, record, group: connection.group, of: tenant, runtime)
        if order.isForFile {
            guard connection.origin == .file else {
                throw .conflict(
                    "connection \(tenant.id)/\(connection.id) is not in the tenant's file, and so its tokens cannot be: "
                        + "make the token without --print-yaml"
                )
            }
            made.yaml = record.yaml
        }
        guard order.isDryRun != true else { return made.foreseen }
        if !order.isForFile {
            try await keep(record, runtime)
            noteNew(record, in: runtime)
        }
        return made
    }

    /// A token in place of the one that a connection has, which ends some time after the new one is first used.
    ///
    /// - Throws: as ``connect(_:)``; a conflict when there is no token to replace, or two.
    package func rotateToken(_ order: AdminMessages.RotateToken) async throws(AdminMessages.Problem)
        -> AdminMessages.MadeToken
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let connection = try Self.connection(order.connection, of: tenant)
        let most = Int64(runtime.profile.tokens.rotationOverlapDays)
        guard (0...(most * 86_400)).contains(order.overlapSeconds) else {
            throw .invalid(
                "two tokens of profile \(runtime.profile.name.rawValue) may be valid beside one another for 0 to \(most) "
                    + "days, not \(DurationText.words(.seconds(order.overlapSeconds)))"
            )
        }
        let live = liveTokens(of: connection, tenant, runtime)
        guard live.count < TenancyLimits.liveTokens else { throw .noRoom(for: live, connection, tenant) }
        guard let old = live.first else {
            throw .conflict(
                "connection \(tenant.id)/\(connection.id) has no active token to replace; make one: "
                    + "scim-gateway token create \(tenant.id)/\(connection.id)"
            )
        }
        let (token, record) = try makeToken(
            for: connection.id,
            of: tenant,
            runtime,
            life: order.lifeSeconds,
            name: order.name,
            replacement: .init(of: old.record.id, overlapMilliseconds: order.overlapSeconds * 1_000),
            allowFrom: old.record.allowFrom
        )
        guard order.isDryRun != true else {
            return message(token, record, group: connection.group, of: tenant, runtime).foreseen
        }
        try await keep(record, runtime)
        note(
            .tokenRotated,
            of: tenant.id,
            connection.id,
            token: record.id,
            explaining:
                "In place of token \(old.record.id), which ends \(DurationText.words(.seconds(order.overlapSeconds))) after the "
                + "first use of this one.",
            in: runtime
        )
        return message(token, record, group: connection.group, of: tenant, runtime)
    }

    /// All tokens, or those of one tenant: those that ended within ``TokenLife/listedDays``, too.
    ///
    /// - Throws: a problem when the tenant does not exist.
    package func tokens(of tenantName: String?) async throws(AdminMessages.Problem) -> [AdminMessages
        .TokenRow]
    {
        if let tenantName { _ = try core.tenant(named: tenantName) }
        var rows: [AdminMessages.TokenRow] = []
        for runtime in core.runtimes {
            let contents = try await self.contents(of: runtime)
            let (directory, now) = (runtime.directory, runtime.now())
            let made = contents.tokens.map(directory.life).filter { !$0.isForgotten(at: now) }
            let declared = directory.tokens.values.map(\.life).filter { $0.record.origin == .file }
            rows += (made + declared).map { Self.row($0, in: directory, now: now) }
        }
        return rows.filter { tenantName == nil || $0.tenant == tenantName }
            .sorted {
                ($0.tenant, $0.connection, $0.created ?? "", $0.tokenID)
                    < ($1.tenant, $1.connection, $1.created ?? "", $1.tokenID)
            }
    }

    /// What is the matter with a token, or with what should be one.
    package func verify(_ order: AdminMessages.Verify) async throws(AdminMessages.Problem)
        -> AdminMessages.Verified
    {
        try await TokenVerification(core: core).verify(order)
    }

    /// Ends a token at once, or at a later moment.
    ///
    /// - Throws: a problem when no such token exists, when a file declares it, and for a moment that is past or comes after
    ///   the end that the token has.
    package func revokeToken(_ order: AdminMessages.RevokeToken) async throws(AdminMessages.Problem)
        -> AdminMessages.RevokedToken
    {
        guard let (runtime, life) = core.token(named: order.token) else {
            throw .notFound("no token has the id '\(order.token)'; see: scim-gateway token list")
        }
        let (record, now) = (life.record, runtime.now())
        guard record.origin == .control else {
            throw .conflict(
                "token \(record.id) is declared in the file of tenant \(record.tenant); write "
                    + "'revoked: \(order.at ?? "true")' beside it there, then reload"
            )
        }
        let moment = try Self.moment(order, of: life, now: now)
        guard order.isDryRun != true else {
            return .init(tokenID: record.id.text, ends: moment.rfc3339, isEnded: moment == now)
        }
        _ = try await Self.asking { () async throws(StoreError) in
            try await runtime.control.revoke(record.id, at: moment)
        }
        try await refresh()
        note(
            .tokenRevoked,
            of: record.tenant,
            record.connection,
            token: record.id,
            explaining: moment == now ? nil : "It ends at \(moment.rfc3339).",
            in: runtime
        )
        return AdminMessages.RevokedToken(
            tokenID: record.id.text,
            ends: moment.rfc3339,
            isEnded: moment == now
        )
    }

    /// When a token is to end.
    private static func moment(_ order: AdminMessages.RevokeToken, of life: TokenLife, now: Timestamp)
        throws(AdminMessages.Problem) -> Timestamp
    {
        guard let text = order.at else { return now }
        guard let moment = Timestamp(dayOrMoment: text) else {
            throw .invalid(
                "'\(text)' is no moment; write a day, such as 2027-11-23 (its start, UTC), or RFC 3339 with a zone"
            )
        }
        guard moment > now else {
            throw .invalid(
                "\(moment.rfc3339) is past, and a token cannot have ended then; leave --at out to end it now"
            )
        }
        if let end = life.end, end.moment <= moment {
            throw .conflict(
                "token \(life.record.id) ends before, at \(end.moment.rfc3339); nothing is changed"
            )
        }
        return moment
    }
}

// MARK: - Parts of them

extension AdminMessages.MadeToken {
    /// What is known of a token that is not made: neither text nor id.
    var foreseen: AdminMessages.MadeToken {
        var foreseen = self
        (foreseen.token, foreseen.tokenID, foreseen.yaml) = ("", "", nil)
        return foreseen
    }
}

extension OperatorDesk {
    /// Days that a token lives unless told otherwise, where the profile allows as many.
    private static let usualLifeDays = 365

    /// A new token of a connection, and what is kept of it.
    func makeToken(
        for connection: Connection.ID,
        of tenant: Tenant,
        _ runtime: ProfileRuntime,
        life ordered: Int64?,
        name: String? = nil,
        replacement: TokenRecord.Replacement? = nil,
        allowFrom: AllowedSources = .any
    )
        throws(AdminMessages.Problem) -> (AccessToken, TokenRecord)
    {
        let most = runtime.profile.tokens.maximumAgeDays
        let life = ordered ?? Int64(min(most, Self.usualLifeDays)) * 86_400
        guard (1...(Int64(most) * 86_400)).contains(life) else {
            throw .invalid(
                "a token of profile \(runtime.profile.name.rawValue) may live 1 second to \(most) days, not "
                    + DurationText.words(.seconds(life))
            )
        }
        if let name, !DisplayText.isAllowed(name) {
            throw .invalid(
                "a name is at most \(ConfigurationLimits.textBytes) bytes of text without line breaks and control characters"
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
            expires: Timestamp(milliseconds: now.milliseconds + life * 1_000),
            revoked: nil,
            origin: .control,
            name: name,
            replacement: replacement,
            allowFrom: allowFrom
        )
        return (token, record)
    }

    /// Keeps a new token and takes it up.
    ///
    /// - Throws: a conflict when another was made at the same moment and took the last place; the new one is revoked then.
    private func keep(_ record: TokenRecord, _ runtime: ProfileRuntime) async throws(AdminMessages.Problem) {
        try await Self.asking { () async throws(StoreError) in try await runtime.control.add(record) }
        try await refresh()
        guard runtime.directory.token(record.id) == nil else { return }
        let now = runtime.now()
        _ = try await Self.asking { () async throws(StoreError) in
            try await runtime.control.revoke(record.id, at: now)
        }
        throw .conflict(
            "another token of \(record.tenant)/\(record.connection) was made at the same moment; see: "
                + "scim-gateway token list \(record.tenant)"
        )
    }

    private func liveTokens(of connection: Connection, _ tenant: Tenant, _ runtime: ProfileRuntime)
        -> [TokenLife]
    {
        let now = runtime.now()
        return runtime.directory.lives(of: connection.id, in: tenant.id).filter { $0.isLive(at: now) }
    }

    /// What tells the token to the one who asked for it.
    func message(
        _ token: AccessToken,
        _ record: TokenRecord,
        group: TargetGroup.ID?,
        of tenant: Tenant,
        _ runtime: ProfileRuntime
    )
        -> AdminMessages.MadeToken
    {
        AdminMessages.MadeToken(
            token: token.text,
            tokenID: record.id.text,
            tenant: record.tenant.text,
            connection: record.connection.text,
            group: tenant.groups.first { $0.id == group }?.displayName,
            tenantURL: core.publicURL(of: runtime.profile.name).map { $0 + "/scim/v2" },
            expires: record.expires?.rfc3339 ?? "-",
            replaces: record.replacement?.predecessor.text
        )
    }

    /// The connection of that name.
    static func connection(_ name: String, of tenant: Tenant) throws(AdminMessages.Problem) -> Connection {
        guard let connection = tenant.connections.first(where: { $0.id.text == name }) else {
            throw .notFound(
                "tenant \(tenant.id) has no connection '\(name)'; "
                    + meant(name, among: tenant.connections.map(\.id.text))
            )
        }
        return connection
    }

    /// A token as lists show it.
    static func row(_ life: TokenLife, in directory: TenantDirectory, now: Timestamp)
        -> AdminMessages.TokenRow
    {
        let record = life.record
        let used = life.use.record
        let isInForce = directory.token(record.id) != nil || !life.isLive(at: now)
        return AdminMessages.TokenRow(
            tokenID: record.id.text,
            tenant: record.tenant.text,
            connection: record.connection.text,
            name: record.name,
            created: record.created?.rfc3339,
            ends: life.end?.moment.rfc3339,
            firstUsed: used?.first.rfc3339,
            lastUsed: used?.last.rfc3339,
            figures: TokenFigures(life),
            allowFrom: record.allowFrom == .any ? nil : "\(record.allowFrom)",
            lastNetwork: used?.network,
            lastClient: used?.client,
            state: isInForce ? life.state(at: now).rawValue : "not in force",
            replaces: record.replacement?.predecessor.text,
            origin: record.origin.rawValue
        )
    }
}

extension TokenRecord {
    /// The entry under `tokens:` in a tenant's file.
    fileprivate var yaml: String {
        let comment = name.map { "  # \($0)" } ?? ""
        let end = expires.map { "\n  expires: \($0.rfc3339)" } ?? ""
        let sources = allowFrom == .any ? "" : "\n  allow_from: [\(allowFrom)]"
        return "- id: \(id)\(comment)\n  digest: \(DigestText.text(digest))\(end)\(sources)"
    }
}

extension AdminMessages.Problem {
    /// 409: a connection has as many active tokens as it may have.
    fileprivate static func noRoom(for live: [TokenLife], _ connection: Connection, _ tenant: Tenant)
        -> AdminMessages.Problem
    {
        let tokens = live.map { life in
            life.record.id.text + (life.end.map { " (ends \($0.moment.rfc3339.prefix(10)))" } ?? "")
        }
        return .conflict(
            "connection \(tenant.id)/\(connection.id) has \(live.count) active tokens, \(tokens.joined(separator: " and ")); "
                + "a third is not possible. Revoke the one that is not used any more: scim-gateway token revoke ID  "
                + "(see: scim-gateway token list \(tenant.id))"
        )
    }
}
