internal import CloudProfiles
package import Configuration
internal import Dialects
internal import SCIM

/// The keys of a tenant file: the one table that reading, `explain` and the JSON Schema go by.
package enum TenantKeys {
    static let version = Setting(
        required: "version",
        .integer(1...1),
        doc: "The version of this file's shape: 1."
    )
    static let tenant = Setting(
        required: "tenant",
        .placed(.name),
        doc: "The tenant's name, the same as the file's; it names the store, logs and metrics."
    )
    static let displayName = Setting("display_name", .text(), doc: "The customer's name, for people.")
    static let profile = Setting(
        required: "profile",
        .placed(.choice("profile")) as SettingType<Placed<CloudProfile.Name>>,
        doc: "The cloud that the customer signs in to."
    )
    static let status = Setting(
        "status",
        .choice("status") as SettingType<Tenant.Status>,
        else: (.active, "active"),
        doc: "active, paused (503 with Retry-After) or disabled (401)."
    )
    static let overlap = Setting(
        "overlap",
        .choice("overlap") as SettingType<Tenant.Overlap>,
        else: (.lastWriter, "last-writer"),
        doc: "What happens when two connections write one learner."
    )
    static let groups = Setting(
        "groups",
        .list(of: GroupKeys.type, atMost: TenancyLimits.groups),
        else: ([], "[]"),
        doc: "The target groups that connections fill."
    )
    static let connections = Setting(
        "connections",
        .list(of: ConnectionKeys.type, atMost: TenancyLimits.connections),
        else: ([], "[]"),
        doc: "The ways in. They may also be made by command; then they are in the control database."
    )
    static let allowFrom = SourceList.setting(
        doc:
            "From which addresses the tenant's connections may be used: any, entra, or CIDRs. Theirs can only narrow it."
    )
    static let deletedRetention = Setting(
        "deleted_retention",
        .duration(.zero...(.seconds(3_650 * 86_400))),
        else: (.seconds(30 * 86_400), "30d"),
        doc: "How long the record of a deleted learner is kept."
    )
    static let limits = Setting(
        "limits",
        .mapping(TenantLimitKeys.rows, TenantLimitKeys.build),
        doc: "What the tenant may ask for, where it differs from gateway.yaml."
    )

    /// The table.
    package static let rows: [SettingRow] = [
        version.row, tenant.row, displayName.row, profile.row, status.row, overlap.row, groups.row,
        connections.row,
        allowFrom.row, deletedRetention.row, limits.row,
    ]
}

/// The keys of one target group.
enum GroupKeys {
    static let id = Setting(required: "id", .placed(.name), doc: "The group's name; connections refer to it.")
    static let displayName = Setting("display_name", .text(), doc: "What clients see as displayName.")

    static let rows = [id.row, displayName.row]

    static let type = SettingType<Placed<TargetGroup>>.mapping(rows) { fields, reading in
        let displayName = fields.value(displayName, &reading)
        guard let id = fields.value(id, &reading) else { return nil }
        let name = id.value.text
        return Placed(TargetGroup(id: .init(name), displayName: displayName ?? name), at: id.place)
    }
}

/// The keys of one connection.
enum ConnectionKeys {
    static let id = Setting(required: "id", .placed(.name), doc: "The connection's name.")
    static let displayName = Setting(
        "display_name",
        .text(),
        doc: "What people call it, such as the Entra application."
    )
    static let group = Setting("group", .placed(.name), doc: "The target group that new learners join.")
    static let dialect = Setting(
        "dialect",
        .choice("dialect") as SettingType<Dialect.Name>,
        else: (.generic, "generic"),
        doc: "Which kind of client calls."
    )
    static let attributes = Setting(
        "attributes",
        .choice("attributes") as SettingType<AttributeSet>,
        else: (.learner, "learner"),
        doc: "What the connection may store and see."
    )
    static let allowFrom = SourceList.setting(
        doc: "From which addresses it may be used: any, entra, or CIDRs. A wrong list is an outage."
    )
    static let tokens = Setting(
        "tokens",
        .list(of: TokenKeys.type, atMost: TenancyLimits.listedTokens),
        else: ([], "[]"),
        doc: "Tokens that this file declares, by digest only."
    )

    static let rows = [
        id.row, displayName.row, group.row, dialect.row, attributes.row, allowFrom.row, tokens.row,
    ]

    static let type = SettingType<WrittenConnection>.mapping(rows) { fields, reading in
        let displayName = fields.value(displayName, &reading)
        let group = fields.value(group, &reading)
        let dialect = fields.value(dialect, &reading) ?? .generic
        let attributes = fields.value(attributes, &reading) ?? .learner
        let allowed = SourceList.read(fields, allowFrom, &reading)
        let id = fields.value(id, &reading)
        reading.named[DigestText.connectionToName] = id.map { "\(reading.stem)/\($0.value.text)" }
        let tokens = fields.value(tokens, &reading) ?? []
        guard let id else { return nil }
        let connection = Connection(
            id: .init(id.value.text),
            displayName: displayName ?? id.value.text,
            group: group.map { .init($0.value.text) },
            dialect: .named(dialect),
            attributes: attributes,
            origin: .file,
            allowFrom: allowed.sources
        )
        return WrittenConnection(
            connection: connection,
            place: id.place,
            groupPlace: group?.place ?? fields.place,
            entraPlace: allowed.entra,
            tokens: tokens
        )
    }
}

/// The keys of one declared token.
enum TokenKeys {
    static let id = Setting(required: "id", .placed(.tokenID), doc: "The token's public id, 8 characters.")
    static let digest = Setting(
        required: "digest",
        .digest,
        doc: "SHA-256 of the whole token: sha256: and 64 hexadecimal digits."
    )
    static let expires = Setting("expires", .placed(.moment), doc: "When it ends; a day is its start, UTC.")
    static let revoked = Setting("revoked", .trueOrMoment, doc: "That, or since when, it opens nothing.")
    static let allowFrom = SourceList.setting(
        doc: "From which addresses it may be used, within allow_from of its connection."
    )

    static let rows = [id.row, digest.row, expires.row, revoked.row, allowFrom.row]

    static let type = SettingType<WrittenToken>.mapping(rows) { fields, reading in
        let expires = fields.value(expires, &reading)
        let revoked = fields.value(revoked, &reading)
        let digest = fields.value(digest, &reading)
        let allowed = SourceList.read(fields, allowFrom, &reading)
        guard let id = fields.value(id, &reading), let digest else { return nil }
        return WrittenToken(id: id, digest: digest, expires: expires, revoked: revoked, allowFrom: allowed)
    }
}

/// The keys under `limits` of a tenant file.
enum TenantLimitKeys {
    static let requestsPerSecond = Setting(
        "requests_per_second",
        LimitKeys.requestsPerSecond.type,
        doc: LimitKeys.requestsPerSecond.row.doc
    )
    static let burst = Setting("burst", LimitKeys.burst.type, doc: LimitKeys.burst.row.doc)
    static let queueTime = Setting("queue_time", LimitKeys.queueTime.type, doc: LimitKeys.queueTime.row.doc)

    static let rows = [requestsPerSecond.row, burst.row, queueTime.row]

    static let build: @Sendable (Fields, inout FileReading) -> TenantFile.Limits? = { fields, reading in
        TenantFile.Limits(
            requestsPerSecond: fields.value(requestsPerSecond, &reading),
            burst: fields.value(burst, &reading),
            queueTime: fields.value(queueTime, &reading)
        )
    }
}

/// A connection as a file has it, before it is held against the rest of the file.
struct WrittenConnection: Sendable {
    let connection: Connection
    let place: FilePlace
    /// Where the group is named, or where the connection begins.
    let groupPlace: FilePlace
    /// Where its list of sources names Entra's networks; nil when it does not.
    let entraPlace: FilePlace?
    let tokens: [WrittenToken]
}

/// A token as a file has it.
struct WrittenToken: Sendable {
    let id: Placed<AccessToken.ID>
    let digest: [UInt8]
    let expires: Placed<Timestamp>?
    let revoked: Timestamp?
    let allowFrom: SourceList
}

extension SettingType where Value == AccessToken.ID {
    /// A token's public id.
    static let tokenID = SettingType.scalar(.form(.tokenID)) { (text) throws(SettingDamage) in
        if let id = AccessToken.ID(text) { return id }
        guard !text.hasPrefix("sgw_") else { throw DigestText.leak }
        throw SettingDamage(
            "this is no token id",
            fix: "write the 8 letters and digits between sgw_ and the next _",
            isSecret: true
        )
    }
}

extension SettingType where Value == [UInt8] {
    /// `sha256:` and 64 hexadecimal digits.
    static let digest = SettingType.scalar(.form(.digest)) { (text) throws(SettingDamage) in
        if let digest = DigestText.bytes(text) { return digest }
        guard !text.holds("sgw_") else { throw DigestText.leak }
        throw SettingDamage(
            "this is no digest",
            fix: "write sha256: and 64 hexadecimal digits, as token create --print-yaml does",
            isSecret: true
        )
    }
}

extension TextForm {
    /// 8 base62 characters.
    static let tokenID = TextForm(
        words: "8 letters and digits",
        example: "k7Qm2x4B",
        pattern: "^[0-9A-Za-z]{8}$",
        // 12e45670 is a number to YAML and an id to us.
        looksLike: .number
    )
    /// `sha256:` and 64 hexadecimal digits.
    static let digest = TextForm(
        words: "sha256: and 64 hexadecimal digits",
        example: "sha256:" + String(repeating: "0", count: 64),
        pattern: "^sha256:[0-9A-Fa-f]{64}$",
        isSecret: true
    )
}

/// The written form of a digest.
package enum DigestText {
    /// Where a fix means the connection that is being read: `contoso/all-staff`, as commands take it.
    static let connectionToName = "TENANT/CONNECTION"
    static let leak = SettingDamage(
        "this is a token, not its digest; it must not be in a file",
        fix: "the token counts as leaked now. Run: scim-gateway token rotate "
            + connectionToName + " --print-yaml",
        isSecret: true
    )

    /// `sha256:` and the bytes in hexadecimal: what a file declares.
    package static func text(_ digest: [UInt8]) -> String { "sha256:" + digits(digest) }

    /// The bytes in hexadecimal.
    package static func digits(_ digest: [UInt8]) -> String { digits(digest[...]) }

    /// The bytes of a part of a digest in hexadecimal.
    ///
    /// Of one type: as a generic function of another module it asked the allocator twice for each byte, 34 times in the
    /// PATCH of a learner.
    package static func digits(_ digest: ArraySlice<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * digest.count)
        for byte in digest {
            digits.append(hexadecimalDigits[Int(byte >> 4)])
            digits.append(hexadecimalDigits[Int(byte & 0xF)])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    /// The 32 bytes; nil for what is no digest.
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("sha256:") else { return nil }
        let digits = text.utf8.dropFirst("sha256:".utf8.count).map {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        guard digits.count == 64, digits.allSatisfy({ $0 != nil }) else { return nil }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
