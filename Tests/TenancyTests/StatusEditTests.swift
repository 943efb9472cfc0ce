import Tenancy
import Testing

@Suite("Changing a tenant's status in its file")
struct StatusEditTests {
    @Test(arguments: [
        ("status: active   # since the pilot", "status: paused   # since the pilot"),
        ("status:    'active'", "status:    paused"), ("status: \"disabled\"", "status: paused"),
        ("\"status\": active", "\"status\": paused"),
    ])
    func `the value alone is changed, and comments and spaces stay`(before: String, after: String) throws {
        let edit = try Self.pause(Self.file(before))

        #expect(edit?.text == Self.file(after))
        #expect(edit?.before == before)
        #expect(edit?.after == after)
        #expect(edit?.line == 5)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `line ends stay as they are, and a mark at the start`(end: String) throws {
        let (before, after) = ("status: active", "status: paused")
        let texts = [before, after].map { "\u{FEFF}" + Self.file($0).replacing("\n", with: end) }

        let edit = try Self.pause(texts[0])

        #expect(edit?.text == texts[1])
    }

    @Test func `a status that is not written is added below the profile`() throws {
        let edit = try Self.pause("# A\nversion: 1\ntenant: acme\nprofile: commercial # b\ngroups: []")

        #expect(
            edit?.text == "# A\nversion: 1\ntenant: acme\nprofile: commercial # b\nstatus: paused\ngroups: []"
        )
        #expect(edit?.before == nil)
        #expect(edit?.line == 5)
    }

    @Test func `a last line without an end gets one`() throws {
        let edit = try Self.pause("version: 1\ntenant: acme\nprofile: commercial")

        #expect(edit?.text == "version: 1\ntenant: acme\nprofile: commercial\nstatus: paused")
    }

    @Test func `a file in braces is changed in its place, and not added to`() throws {
        let edit = try Self.pause("{version: 1, tenant: acme, status: active, profile: commercial}")

        #expect(edit?.text == "{version: 1, tenant: acme, status: paused, profile: commercial}")
        #expect(throws: StatusEdit.Refusal.self) {
            try Self.pause("{version: 1, tenant: acme, profile: commercial}")
        }
    }

    @Test func `a file that says so already is left alone`() throws {
        #expect(try Self.pause(Self.file("status: paused")) == nil)
        #expect(try Self.edit(.active, "version: 1\ntenant: acme\nprofile: commercial\n") == nil)
    }

    @Test(arguments: ["status: ${env:STATUS}", "status: [", "status: active\nstatus: active\n\tx: 1"])
    func `a status that is elsewhere, or a file that is no YAML, is refused`(line: String) {
        #expect(throws: StatusEdit.Refusal.self) { try Self.pause(Self.file(line)) }
    }

    @Test func `a word in a comment or a text is not taken for the status`() throws {
        let text = Self.file("status: active").replacing("Acme", with: "'status: active'")

        #expect(try Self.pause(text)?.text == text.replacing("\nstatus: active", with: "\nstatus: paused"))
    }

    private static func file(_ status: String) -> String {
        """
        # status: active
        version: 1
        tenant: acme
        display_name: Acme
        \(status)
        profile: commercial

        """
    }

    private static func pause(_ text: String) throws -> StatusEdit? { try edit(.paused, text) }

    private static func edit(_ status: Tenant.Status, _ text: String) throws -> StatusEdit? {
        try StatusEdit.making(status, in: Array(text.utf8), path: "tenants/acme.yaml")
    }
}
