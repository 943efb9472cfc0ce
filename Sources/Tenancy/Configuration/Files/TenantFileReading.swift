internal import CloudProfiles
package import Configuration
internal import Linux
package import SCIM

extension TenantFile {
    /// Reads and checks the file of that path.
    package static func read(
        path: String,
        files: some FileReader,
        now: Timestamp,
        environment: [String: String]
    ) -> Checked<TenantFile> {
        do throws(DiskFile.Problem) {
            let bytes = try files.bytes(of: path, atMost: ConfigurationLimits.fileBytes)
            let outside = OutsideValues(environment: environment, files: files)
            return read(bytes, path: path, now: now, outside: outside)
        } catch {
            return Checked(
                nil,
                [Finding(.error, error.sentence, at: FilePlace(file: path), fix: error.fix)]
            )
        }
    }

    /// Checks the bytes of a tenant file.
    ///
    /// It looks at no other file, but for values that the file says are elsewhere.
    ///
    /// The path's last part must be the tenant's name and `.yaml`; the moment decides which tokens
    /// are live.
    package static func read(
        _ bytes: [UInt8],
        path: String,
        now: Timestamp,
        outside: OutsideValues = .none
    ) -> Checked<TenantFile> {
        let file = YAMLFile.read(bytes, path: path)
        var reading = FileReading(path: path, outside: outside)
        reading.add(file.findings)
        guard let root = file.root else { return Checked(nil, reading.findings) }
        let fields = Fields(root, TenantKeys.rows, &reading)
        let tenant = build(fields, path, now, &reading)
        return Checked(tenant, reading.findings)
    }

    private static func build(
        _ fields: Fields,
        _ path: String,
        _ now: Timestamp,
        _ reading: inout FileReading
    ) -> TenantFile? {
        _ = fields.value(TenantKeys.version, &reading)
        let name = fields.value(TenantKeys.tenant, &reading)
        let displayName = fields.value(TenantKeys.displayName, &reading)
        let profile = fields.value(TenantKeys.profile, &reading)
        let status = fields.value(TenantKeys.status, &reading) ?? .active
        let overlap = fields.value(TenantKeys.overlap, &reading) ?? .lastWriter
        let groups = fields.value(TenantKeys.groups, &reading) ?? []
        let written = fields.value(TenantKeys.connections, &reading) ?? []
        let limits = fields.value(TenantKeys.limits, &reading) ?? Limits()
        let retention = fields.value(TenantKeys.deletedRetention, &reading)
        let allowed = SourceList.read(fields, TenantKeys.allowFrom, &reading)

        if let name { checkFileName(name, path, &reading) }
        checkUnique(groups.map { ($0.value.id.text, $0.place) }, "group", &reading)
        checkUnique(written.map { ($0.connection.id.text, $0.place) }, "connection", &reading)
        checkUnique(written.flatMap(\.tokens).map { ($0.id.value.text, $0.id.place) }, "token", &reading)
        for connection in written {
            checkGroup(of: connection, groups.map(\.value.id), &reading)
            checkTokens(of: connection, profile?.value, now, &reading)
        }

        guard let name, let profile, let retention else { return nil }
        let tenant = Tenant.ID(name.value.text)
        return TenantFile(
            tenant: tenant,
            displayName: displayName ?? tenant.text,
            profile: profile,
            status: status,
            overlap: overlap,
            groups: groups.map(\.value),
            connections: written.map { Placed($0.connection, at: $0.place) },
            tokens: written.flatMap { connection in
                connection.tokens.map {
                    Placed($0.record(of: connection.connection.id, tenant), at: $0.id.place)
                }
            },
            deletedRetention: retention,
            limits: limits,
            outsideValues: reading.outsideValues,
            allowFrom: allowed.sources,
            entraPlace: allowed.entra ?? written.lazy.compactMap(\.anyEntraPlace).first
        )
    }

    private static func checkFileName(
        _ name: Placed<EntityName>,
        _ path: String,
        _ reading: inout FileReading
    ) {
        let file = path.split(separator: "/").last.map { String($0) } ?? path
        guard file != "\(name.value).yaml" else { return }
        let stem = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        let other = EntityName(stem).map { ", or write tenant: \($0)" } ?? ""
        reading.error(
            "tenant is '\(name.value)' but the file is \(file)",
            at: name.place,
            fix: "rename the file to \(name.value).yaml\(other)  (stored data belongs to the name)"
        )
    }

    private static func checkUnique(
        _ names: [(String, FilePlace)],
        _ noun: String,
        _ reading: inout FileReading
    ) {
        var places: [String: FilePlace] = [:]
        for (name, place) in names {
            if let first = places[name] {
                reading.error(
                    "\(noun) '\(name)' is declared twice; the first is in line \(first.line)",
                    at: place
                )
            } else {
                places[name] = place
            }
        }
    }

    private static func checkGroup(
        of written: WrittenConnection,
        _ groups: [TargetGroup.ID],
        _ reading: inout FileReading
    ) {
        let connection = written.connection
        guard let group = connection.group else {
            guard connection.attributes == .learner else { return }
            reading.error(
                "connection '\(connection.id)' needs a group: new learners join it",
                at: written.place,
                fix: "add group: \(groups.first?.text ?? "NAME")"
            )
            return
        }
        guard !groups.contains(group) else { return }
        let near = Suggestion.nearest(to: group.text, among: groups.map(\.text))
        reading.error(
            "connection '\(connection.id)' names group '\(group)', which is not under groups",
            at: written.groupPlace,
            fix: near.map { "did you mean '\($0)'?" } ?? "add it: groups: [{id: \(group), display_name: …}]"
        )
    }

    private static func checkTokens(
        of written: WrittenConnection,
        _ profile: CloudProfile.Name?,
        _ now: Timestamp,
        _ reading: inout FileReading
    ) {
        let live = written.tokens.filter { $0.isLive(at: now) }
        if let third = live.dropFirst(TenancyLimits.liveTokens).first {
            reading.error(
                "connection '\(written.connection.id)' has \(live.count) live tokens; "
                    + "\(TenancyLimits.liveTokens) are allowed",
                at: third.id.place,
                fix: "remove one, or write revoked: true under it"
            )
        }
        guard let profile = profile.map(CloudProfile.named) else { return }
        for token in live {
            guard let problem = profile.problem(withTokenEnding: token.expires?.value, now: now) else {
                continue
            }
            reading.error(
                problem,
                at: token.expires?.place ?? token.id.place,
                fix: token.expires == nil ? "add expires: DATE" : "write an earlier expires"
            )
        }
    }
}

extension WrittenConnection {
    /// Where it or one of its tokens names Entra's networks.
    fileprivate var anyEntraPlace: FilePlace? {
        entraPlace ?? tokens.lazy.compactMap(\.allowFrom.entra).first
    }
}

extension WrittenToken {
    fileprivate func isLive(at now: Timestamp) -> Bool {
        if let revoked, revoked <= now { return false }
        if let expires, expires.value <= now { return false }
        return true
    }

    fileprivate func record(of connection: Connection.ID, _ tenant: Tenant.ID) -> TokenRecord {
        TokenRecord(
            id: id.value,
            digest: digest,
            tenant: tenant,
            connection: connection,
            created: nil,
            expires: expires?.value,
            revoked: revoked,
            origin: .file,
            allowFrom: allowFrom.sources
        )
    }
}
