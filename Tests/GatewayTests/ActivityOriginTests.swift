import Dialects
import HTTPTransport
import HTTPTypes
import NIOCore
import SCIM
import Store
import Tenancy
import Testing

@testable import Gateway

@Suite("From where and how a request came, in its tenant's activity")
struct ActivityOriginTests {
    private static func list(_ cloud: String = "AzureGovernment") throws -> NetworkList {
        NetworkList(
            cloud: cloud,
            changeNumber: 1,
            issued: Timestamp(milliseconds: 0),
            networks: [try Network("52.127.0.0/16")]
        )
    }

    @Test(arguments: [
        ("52.127.2.14", "azure-gov"), ("52.128.0.1", "other"), ("2001:db8::1", "other"),
    ])
    func `the network is that of the list`(_ address: String, _ word: String) throws {
        var record = try Self.record(of: Peer(address: address))
        record.came(among: try Self.list())

        #expect(record.origin.network?.rawValue == word)
    }

    @Test func `without a list, and without an address, there is no network`() throws {
        let without = try Self.record(of: Peer(address: "52.127.2.14"))
        var local = try Self.record(of: Peer(address: nil))
        local.came(among: try Self.list())

        #expect(without.origin.network == nil && local.origin.network == nil)
    }

    @Test(arguments: [
        ("Public", "azure-commercial"), ("AzureGovernment", "azure-gov"), ("China", "azure-china"),
        ("AzureGermany", "other"),
    ])
    func `each cloud's list has its word`(_ cloud: String, _ word: String) throws {
        let list = try Self.list(cloud)

        #expect(list.network(of: try #require(IPAddress("52.127.9.9"))).rawValue == word)
    }

    @Test func `the version of TLS and the client are told`() throws {
        let peer = Peer(address: "192.0.2.1").over(tls: "1.2")

        let origin = try Self.record(of: peer, userAgent: "AzureAD/1.0 (x)").origin

        #expect(origin.tlsVersion == "1.2" && origin.userAgent == "AzureAD/1.0")
    }

    @Test(arguments: [
        (#"{"active":"True"}"#, ["active_as_string"]), (#"{"ACTIVE":true}"#, []),
        (#"{"title":"active"}"#, []),
        (#"{"manager":[{"value":"x"}]}"#, ["manager_array"]), (#"{"manager":{"value":"x"}}"#, []),
        (
            #"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":["x"]}}"#,
            ["manager_array"]
        ),
        ("[]", []), ("7", []),
    ])
    func `what a resource's body departs in is found`(_ body: String, _ words: [String]) throws {
        let interpretation = Interpretation(dialect: .named(.entra), attributeSet: .learner)
        let json = try JSONReader.read(Array(body.utf8).span)

        guard case .object = json else {
            #expect(throws: SCIMError.self) { try interpretation.creation(of: .user, json: json) }
            return
        }
        let full = try JSONReader.read(
            Array((body.dropLast() + #","userName":"a@b.example"}"#).utf8).span
        )
        #expect(try interpretation.creation(of: .user, json: full).quirks.map(\.rawValue) == words)
    }

    @Test(arguments: [
        (#"{"op":"Replace","path":"active","value":"False"}"#, ["active_as_string", "capital_op"]),
        (#"{"op":"replace","path":"active","value":false}"#, []),
        (#"{"op":"replace","value":{"active":"False"}}"#, ["active_as_string"]),
        (#"{"op":"add","path":"name.givenName","value":"active"}"#, []),
        (
            #"{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":[{"value":"x"}]}"#,
            ["capital_op", "manager_array"]
        ),
        (#"{"op":"remove","path":"manager"}"#, []),
        (
            #"{"op":"Replace","path":"emails[type eq \"work\"].value","value":"x"}"#,
            ["capital_op", "value_filter_ignored"]
        ),
        (#"{"op":"add","path":"emails","value":[{"value":"x"}]}"#, []),
    ])
    func `what a PATCH departs in is found`(_ operation: String, _ words: [String]) throws {
        let interpretation = Interpretation(dialect: .named(.entra), attributeSet: .learner)
        let json = try JSONReader.read(Array(#"{"Operations":[\#(operation)]}"#.utf8).span)

        let interpreted = try interpretation.patch(of: .user, ResourceID("1"), json: json, .none)

        #expect(interpreted.quirks.map(\.rawValue) == words)
    }

    @Test(arguments: [
        (#"emails[type eq "work"].value eq "x""#, AttributeSet.learner, ["value_filter_ignored"]),
        (#"active eq true and not (roles[primary eq true])"#, .learner, ["value_filter_ignored"]),
        (#"emails[type eq "work"].value eq "x""#, .full, []),
        (#"emails.value eq "x""#, .learner, []),
        (#"userName eq "[""#, .learner, []),
        (#"emails[type eq"#, .learner, []),
    ])
    func `brackets that choose nothing are found in a filter`(
        _ filter: String,
        _ set: AttributeSet,
        _ words: [String]
    ) throws {
        let interpretation = Interpretation(dialect: .named(.entra), attributeSet: set)
        let search = try interpretation.search(.user, parameters: [("filter", filter)])

        #expect(interpretation.quirks(of: search, for: .user).map(\.rawValue) == words)
    }

    @Test func `where the set holds e-mail addresses, brackets in a path choose among them`() throws {
        let interpretation = Interpretation(dialect: .named(.entra), attributeSet: .full)
        let operation = #"{"op":"replace","path":"emails[type eq \"work\"].value","value":"x"}"#
        let json = try JSONReader.read(Array(#"{"Operations":[\#(operation)]}"#.utf8).span)

        let interpreted = try interpretation.patch(of: .user, ResourceID("1"), json: json, .none)

        #expect(interpreted.quirks.isEmpty)
    }

    @Test func `a connection test by a value filter is told with its quirk`() async throws {
        try await withGateway { gateway in
            let guid = "4E0A5D10-7b1c-4c6a-9d7e-2f1b3c4d5e6f"

            _ = await gateway.send(
                .get,
                "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22\(guid)%22"
            )
            _ = await gateway.send(.get, "/Users?filter=userName+eq+%22\(guid)%22")

            let entries = try await gateway.activity().entries.filter { $0.kind == .probe }
            #expect(entries.map(\.origin.quirks) == [["value_filter_ignored"], []])
        }
    }

    private static func record(of peer: Peer, userAgent: String? = nil) throws -> RequestRecord {
        var head = HTTPRequest(
            method: .get,
            scheme: "https",
            authority: "scim.example",
            path: "/scim/v2/Users"
        )
        if let userAgent { head.headerFields[.userAgent] = userAgent }
        return RequestRecord(
            requestID: RequestIDs(library: try TestGateway.library.get()).next(),
            request: IncomingRequest(head: head, body: ByteBuffer()),
            peer: peer,
            started: Timestamp(milliseconds: 0)
        )
    }
}
