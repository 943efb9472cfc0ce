import SCIM
import Store
import Tenancy
import Testing

@testable import Transfer

@Suite("Archives of tenants")
struct ArchiveTests {
    private static let user =
        #"{"kind":"resource","type":"User","set":"learner","managedBy":"a","externalIds":{"a":"X","b":"Y"},"#
        + #""document":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u-1","userName":"a@b.c","#
        + #""meta":{"resourceType":"User","created":"2026-01-02T03:04:05.006Z","lastModified":"2026-01-03T00:00:00.000Z","#
        + #""version":"W/\"3\""}}}"#

    private func line(_ text: String) throws -> ArchiveLine {
        try ArchiveLine(reading: Array(text.utf8), line: 7)
    }

    private func resource(_ text: String) throws -> ArchivedResource {
        guard case .resource(let resource) = try line(text) else { throw Unexpected() }
        return resource
    }

    private struct Unexpected: Error {}

    @Test func `a header is read as it was written`() throws {
        let header = ArchiveHeader(
            tenant: "contoso",
            displayName: "Contoso \"Ltd\"",
            profile: "gcc-high",
            groups: [.init(id: "staff", displayName: "Staff")]
        )

        let read = try ArchiveHeader(reading: Array(header.text.utf8))

        #expect(read.text == header.text)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"format":"something else","version":1}"#,
        #"{"format":"scim-gateway tenant","version":2,"tenant":"a","displayName":"A","profile":"gcc","groups":[]}"#,
        #"{"format":"scim-gateway tenant","version":1,"displayName":"A","profile":"gcc","groups":[]}"#,
    ])
    func `what is no header, or one of another version, is refused`(text: String) {
        #expect(throws: ArchiveDamage(line: 1, reason: "")) {
            _ = try ArchiveHeader(reading: Array(text.utf8))
        }
    }

    @Test func `a resource is read with its id, version, times, owner and names, and written as it was`()
        throws
    {
        let resource = try resource(Self.user)

        #expect(resource.id.text == "u-1" && resource.version.number == 3)
        #expect(resource.created.rfc3339 == "2026-01-02T03:04:05.006Z")
        #expect(resource.owner?.text == "a" && resource.deletion == nil)
        #expect(resource.names.map(\.externalID) == ["X", "Y"])
        #expect(ArchiveLine.text(of: entry(resource)) == Self.user)
    }

    @Test func `the record of a deleted resource keeps its moment and its groups`() throws {
        let text = Self.user.replacing(
            #""document""#,
            with: #""deleted":"2026-02-01T00:00:00.000Z","groups":["g-1","g-2"],"document""#
        )

        let resource = try resource(text)

        #expect(resource.deletion?.groups.map(\.text) == ["g-1", "g-2"])
        #expect(ArchiveLine.text(of: entry(resource)) == text)
    }

    @Test(arguments: [
        (#""kind":"resource""#, #""kind":"thing""#), (#""type":"User""#, #""type":"Robot""#),
        (#""set":"learner""#, #""set":"all""#), (#"W/\"3\""#, #"W/\"0\""#), (#"W/\"3\""#, "3"),
        (#""a@b.c""#, #""no address""#), (#""2026-01-03T00:00:00.000Z""#, #""yesterday""#),
        (#""id":"u-1","#, ""), (#"{"a":"X","b":"Y"}"#, #"{"a":7}"#), ("}}}", "}}"),
    ])
    func `a damaged line is refused by its number, without its values`(part: String, damage: String) throws {
        let text = Self.user.replacing(part, with: damage)
        #expect(text != Self.user)

        let error = #expect(throws: ArchiveDamage.self) { try line(text) }

        #expect(error?.line == 7 && error?.reason.contains("no address") == false)
    }

    @Test func `memberships, connections and the end are read as they were written`() throws {
        let membership = Membership(group: ResourceID("g"), member: ResourceID("m"))
        guard case .member(membership) = try line(ArchiveLine.text(of: membership)) else {
            throw Unexpected()
        }
        guard case .end(lines: 12) = try line(ArchiveLine.text(ofEndAfter: 12)) else { throw Unexpected() }
        let text =
            #"{"kind":"connection","id":"a","displayName":"A","group":"staff","dialect":"entra","attributes":"learner","#
            + #""allowFrom":["203.0.113.0/28","2001:db8::/32"]}"#

        guard case .connection(let archived) = try line(text) else { throw Unexpected() }

        #expect(archived.text == text && archived.connection.origin == .control)
    }

    @Test func `a line of the limit is read, and one with a byte more is refused`() throws {
        let room = TransferLimits.archiveLineBytes - Self.user.utf8.count
        let padded = Self.user + String(repeating: " ", count: room)

        #expect(try resource(padded).id.text == "u-1")
        #expect(throws: ArchiveDamage.self) { try line(padded + " ") }
    }

    /// The archived resource as a store would give it.
    private func entry(_ archived: ArchivedResource) -> RosterEntry {
        let written = archived.resource.document(
            id: archived.id,
            version: archived.version,
            created: archived.created,
            lastModified: archived.lastModified
        )
        let resource = StoredResource(
            type: archived.resource.resource.type,
            id: archived.id,
            version: archived.version,
            created: archived.created,
            lastModified: archived.lastModified,
            document: written.bytes,
            splices: written.splices,
            writtenSet: archived.resource.attributeSet,
            externalID: nil,
            groups: [],
            managerReference: nil
        )
        return RosterEntry(
            row: 1,
            resource: resource,
            owner: archived.owner,
            targetGroup: archived.targetGroup,
            externalIDs: archived.externalIDs,
            deletion: archived.deletion
        )
    }
}
