import CloudProfiles
import SCIM
import Store
import Tenancy

/// The ids of a tenant's activity: UUIDv7 that follow from what is stored, so that no write pays for them.
///
/// Time and number of an entry never change and no two have both the same, so the id is stable and its own. Counted
/// requests keep theirs while their count grows: it is that of the minute, the connection and the kind.
///
/// Source: RFC 9562 §5.7: 48 bits of milliseconds, the version, 74 bits that tell apart what came in the same millisecond.
struct ActivityRowID {
    /// Whose entries they are: two tenants number theirs alike.
    let tenant: Tenant.ID
    /// SHA-256 in the library context of the tenant's profile.
    let digest: ([UInt8]) -> [UInt8]

    /// What is hashed first, so that no other bytes of the gateway hash to the same; its number is that of this form.
    private static let label = "scim-gateway activity id 1"

    /// The id of an entry that is stored.
    func id(of entry: ActivityEntry) -> String {
        id(at: entry.time, of: ["entry", "\(entry.number ?? 0)"])
    }

    /// The id of counted requests.
    func id(of reads: ActivityReads) -> String {
        id(at: reads.minute, of: ["reads", reads.connection.text, reads.kind.rawValue])
    }

    /// The id of an entry that is kept in the control database of a profile.
    static func id(
        of entry: OperatorEntry,
        in profile: CloudProfile.Name,
        digest: @escaping ([UInt8]) -> [UInt8]
    ) -> String {
        let ids = ActivityRowID(tenant: entry.tenant ?? Tenant.ID(""), digest: digest)
        return ids.id(at: entry.time, of: ["operator", profile.rawValue, "\(entry.number ?? 0)"])
    }

    private func id(at time: Timestamp, of names: [String]) -> String {
        // No name has a line feed in it.
        let text = ([Self.label, tenant.text] + names).joined(separator: "\n")
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: time.milliseconds >> (40 - 8 * $0)) }
        bytes += digest(Array(text.utf8)).prefix(10)
        bytes[6] = 0x70 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        let digits = DigestText.digits(bytes)
        return [8, 4, 4, 4, 12].reduce(into: (text: "", rest: digits[...])) { made, count in
            made.text += (made.text.isEmpty ? "" : "-") + made.rest.prefix(count)
            made.rest = made.rest.dropFirst(count)
        }.text
    }
}
