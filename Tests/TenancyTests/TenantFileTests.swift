import CloudProfiles
import Configuration
import Dialects
import Foundation
import SCIM
import Testing

@testable import Tenancy

@Suite("tenants/*.yaml")
struct TenantFileTests {
    @Test func `a file with every key is read as written`() throws {
        let checked = TenantFile.read(
            try Given.sampleBytes("good/tenants/contoso.yaml"),
            path: "tenants/contoso.yaml",
            now: Given.now
        )

        let file = try #require(checked.value, "\(checked.findings)")
        #expect(checked.findings.isEmpty)
        #expect(file.tenant.text == "contoso")
        #expect(file.displayName == "Contoso \"Nordic\" Ltd é")
        #expect(file.profile.value == .commercial)
        #expect(file.status == .paused)
        #expect(file.overlap == .ownerOnly)
        #expect(file.groups.map(\.displayName) == ["off", "drivers"])
        #expect(file.deletedRetention == .seconds(43_200))
        #expect(file.limits == .init(requestsPerSecond: 25, burst: nil, queueTime: .milliseconds(500)))
        let connections = file.connections.map(\.value)
        #expect(connections.map(\.id.text) == ["head-office", "everything"])
        #expect(
            connections[0].allowFrom
                == .networks([try Network("203.0.113.0/28"), try Network("2001:db8::/32")])
        )
        #expect(connections[0].dialect.name == .entra)
        #expect(connections[1].group == nil)
        #expect(connections[1].attributes == .full)
        #expect(connections[1].allowFrom == .any)
        let tokens = file.tokens.map(\.value)
        #expect(tokens.map(\.id.text) == ["12e45670", "00000000"])
        #expect(tokens[0].digest.prefix(2) == [0x0D, 0x4C])
        #expect(tokens[0].expires == Timestamp(rfc3339: "2027-11-23T00:00:00Z"))
        #expect(tokens[0].revoked == nil)
        #expect(tokens[1].expires == Timestamp(rfc3339: "2027-11-23T11:00:00Z"))
        #expect(try #require(tokens[1].revoked) <= Given.now)
    }

    @Test(arguments: ["contoso", "northwind-gov"])
    func `the tenants that come with the program are read without a finding`(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../tenants")
        let bytes = Array(try Data(contentsOf: root.appending(path: "\(name).yaml")))

        let checked = TenantFile.read(bytes, path: "tenants/\(name).yaml", now: Given.now)

        #expect(checked.findings.isEmpty)
        #expect(checked.value?.tokens.isEmpty == true)
        #expect(checked.value?.connections.isEmpty == false)
    }

    @Test func `what is left out has its default`() throws {
        let text = "version: 1\ntenant: a\nprofile: china\n"

        let file = try #require(TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now).value)

        #expect(file.displayName == "a")
        #expect(file.status == .active)
        #expect(file.overlap == .lastWriter)
        #expect(file.deletedRetention == .seconds(30 * 86_400))
        #expect(file.groups.isEmpty && file.connections.isEmpty && file.tokens.isEmpty)
        let limits = TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        #expect(file.tenant(adding: [], limits: limits).limits == limits)
    }

    @Test func `limits of a file go before those of gateway yaml, one by one`() throws {
        let text = Given.tenantText("a") + "limits: {burst: 7}\n"

        let file = try #require(TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now).value)

        let limits = TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        #expect(
            file.tenant(adding: [], limits: limits).limits
                == TenantLimits(requestsPerSecond: 500, burst: 7, queueTime: .seconds(2))
        )
    }

    @Test(
        arguments: [
            ("display name of 256 bytes", "display_name: " + String(repeating: "x", count: 256), true),
            ("display name of 257 bytes", "display_name: " + String(repeating: "x", count: 257), false),
            ("25 requests per second", "limits: {requests_per_second: 25}", true),
            ("24 requests per second", "limits: {requests_per_second: 24}", false),
            ("a queue of 30 seconds", "limits: {queue_time: 30s}", true),
            ("a queue of more", "limits: {queue_time: 30001ms}", false),
            ("a retention of 3650 days", "deleted_retention: 3650d", true),
            ("a retention of more", "deleted_retention: 3651d", false),
            ("a retention past all numbers", "deleted_retention: 99999999999999999d", false),
            ("1000 groups", "groups: " + entries(1_000, "{id: g%}"), true),
            ("1001 groups", "groups: " + entries(1_001, "{id: g%}"), false),
            ("1000 connections", "connections: " + entries(1_000, "{id: c%, attributes: full}"), true),
            ("1001 connections", "connections: " + entries(1_001, "{id: c%, attributes: full}"), false),
            (
                "1000 networks",
                "connections: [{id: c, attributes: full, allow_from: " + entries(1_000, "2001:db8::%") + "}]",
                true
            ),
            (
                "1001 networks",
                "connections: [{id: c, attributes: full, allow_from: " + entries(1_001, "2001:db8::%") + "}]",
                false
            ),
            ("100 tokens", "connections: [{id: c, attributes: full, tokens: " + tokens(100) + "}]", true),
            ("101 tokens", "connections: [{id: c, attributes: full, tokens: " + tokens(101) + "}]", false),
            (
                "32 brackets",
                "unknown: " + String(repeating: "[", count: 32) + String(repeating: "]", count: 32), false
            ),
        ])
    func `bounds`(_ name: String, _ more: String, _ isGood: Bool) {
        let text = "version: 1\ntenant: a\nprofile: commercial\n\(more)\n"

        let checked = TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now)

        #expect((checked.value != nil) == isGood, "\(checked.findings.first?.description ?? "")")
    }

    @Test func `a file has 256 KiB at most`() {
        func bytes(_ count: Int) -> [UInt8] {
            let text = "version: 1\ntenant: a\nprofile: commercial\n"
            return Array((text + "#" + String(repeating: "x", count: count - text.utf8.count - 1)).utf8)
        }

        #expect(TenantFile.read(bytes(262_144), path: "a.yaml", now: Given.now).value != nil)
        #expect(
            TenantFile.read(bytes(262_145), path: "a.yaml", now: Given.now).findings.map(\.description)
                == ["a.yaml: error: the file has more than 262144 bytes"]
        )
    }

    @Test func `two live tokens are allowed, whatever has ended beside them`() {
        let ended = ", expires: 2026-11-23"
        let text = Given.tenantText(
            "a",
            connection: "    tokens:\n" + Given.tokenText("aaaaaaaa") + Given.tokenText("bbbbbbbb")
                + Given.tokenText("cccccccc", ended) + Given.tokenText("dddddddd", ", revoked: true")
        )

        #expect(TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now).findings.isEmpty)
        let before = Given.days(-1)
        #expect(TenantFile.read(Array(text.utf8), path: "a.yaml", now: before).findings.count == 1)
    }

    @Test func `a token of GCC High ends within 365 days`() {
        let text = Given.tenantText(
            "a",
            profile: "gcc-high",
            connection: "    tokens:\n" + Given.tokenText("aaaaaaaa", ", expires: END")
        )
        func findings(_ end: String) -> Int {
            TenantFile.read(Array(text.replacing("END", with: end).utf8), path: "a.yaml", now: Given.now)
                .findings.count
        }

        #expect(findings("2027-11-23T12:00:00Z") == 0)
        #expect(findings("2027-11-23T12:00:00.001Z") == 1)
    }

    @Test func `lines end as on other systems, and a byte order mark is skipped`() {
        let text = "\u{FEFF}version: 1\r\ntenant: a\r\nprofile: commercial\r\nunknown: 1\r\n"

        let checked = TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now)

        #expect(checked.findings.map(\.place.description) == ["a.yaml:4:1"])
    }

    @Test func `depth and aliases do not take the parser along`() {
        let deep = "a: " + String(repeating: "[", count: 100_000)
        let bomb =
            "a: &a [x]\n" + (0..<30).map { "b\($0): &b\($0) [*a, *a]\n" }.joined() + "? *b29\n: x\n"
        let indented = (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined()

        for text in [deep, bomb, indented] {
            #expect(TenantFile.read(Array(text.utf8), path: "a.yaml", now: Given.now).value == nil)
        }
    }

    private static func entries(_ count: Int, _ entry: String) -> String {
        "[" + (1...count).map { entry.replacing("%", with: String($0, radix: 16)) }.joined(separator: ", ")
            + "]"
    }

    private static func tokens(_ count: Int) -> String {
        let tokens = (10_000_000..<(10_000_000 + count)).map { id in
            "{id: \(id), digest: \"\(DigestText.text(Array(repeating: 1, count: 32)))\", revoked: true}"
        }
        return "[" + tokens.joined(separator: ", ") + "]"
    }
}
