import GatewayTesting
import HTTPTransport
import HTTPTypes
import Logging
import SCIM
import Sharing
import Tenancy
import Testing

@testable import Gateway

@Suite("Bulk, RFC 7644 §3.7, over a real store")
struct BulkTests {
    @Test func `each method does what a single request does`() async throws {
        try await withGateway { gateway in
            let put = try await gateway.create("put@example.com")
            let patched = try await gateway.create("patch@example.com")
            let deleted = try await gateway.create("delete@example.com")

            let done = try await gateway.bulk(
                post("new"),
                #"{"method":"PUT","path":"/Users/\#(put)","data":{"userName":"put@example.com","locale":"sv"}}"#,
                patch("/Users/\(patched)", locale: "de"),
                #"{"method":"DELETE","path":"/Users/\#(deleted)"}"#
            )

            #expect(done.map(\.status) == ["201", "200", "200", "204"])
            #expect(done.map { $0.text("method") } == ["POST", "PUT", "PATCH", "DELETE"])
            #expect(done.map(\.bulkID) == ["new", nil, nil, nil])
            #expect(done.map(\.version) == [#"W/"1""#, #"W/"2""#, #"W/"2""#, nil])
            #expect(done[0].location == "https://scim.example/scim/v2/Users/\(done[0].id)")
            #expect(done[1...].map(\.id) == [put, patched, deleted])
            #expect(await gateway.send(.get, "/Users/\(done[0].id)").status == .ok)
            #expect(await gateway.send(.get, "/Users/\(put)").text.contains(#""locale":"sv""#))
            #expect(await gateway.send(.get, "/Users/\(patched)").text.contains(#""locale":"de""#))
            #expect(await gateway.send(.get, "/Users/\(deleted)").status == .notFound)
        }
    }

    @Test func `the body is parsed once, whatever it holds`() async throws {
        try await withGateway { gateway in
            let counter = ParseCounter()

            let done = try await JSONReader.$observer.withValue(counter) {
                try await gateway.bulk(post("a", manager: "bulkId:b"), post("b"))
            }

            // The second is the test's own, of the answer.
            #expect(counter.count == 2)
            #expect(done.map(\.status) == ["201", "201"])
        }
    }

    @Test func `nothing to do is done`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk()

            #expect(done.isEmpty)
        }
    }

    @Test(arguments: [
        ("{}", 400, "invalidSyntax"), (#"{"Operations":"x"}"#, 400, "invalidSyntax"),
        (#"{"Operations":[],"failOnErrors":0}"#, 400, "invalidSyntax"), ("x", 400, "invalidSyntax"),
        (#"{"Operations":[\#(post("a")),\#(post("a", "b@example.com"))]}"#, 400, "invalidValue"),
    ])
    func `a malformed request does nothing`(body: String, status: Int, kind: String) async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(.post, "/Bulk", body: body)

            #expect(reply.status.code == status)
            #expect(reply.text.contains(#""scimType":"\#(kind)""#))
            #expect(await gateway.count("a@example.com") == 0)
        }
    }

    @Test func `one operation too many is 413, and none of them is done`() async throws {
        try await withGateway { gateway in
            let deletions = Array(
                repeating: #"{"method":"DELETE","path":"/Users/x"}"#,
                count: BulkLimits.operations
            )
            let body = { (operations: [String]) in #"{"Operations":[\#(operations.joined(separator: ","))]}"#
            }

            let tooMany = await gateway.send(.post, "/Bulk", body: body([post("a")] + deletions))
            let enough = await gateway.send(.post, "/Bulk", body: body(deletions))

            #expect(tooMany.status.code == 413)
            #expect(await gateway.count("a@example.com") == 0)
            #expect(enough.status == .ok)
        }
    }

    @Test func `a body that is too large is 413, and the refusal names the limit`() async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(.post, "/Bulk", pull: { done in done(.failure(.tooLarge)) })

            #expect(reply.status.code == 413)
            #expect(reply.text.contains("\(BulkLimits.payloadBytes) bytes (maxPayloadSize)"))
        }
    }

    @Test func `the payload limit that is announced is that of the transport`() {
        #expect(BulkLimits.payloadBytes == HTTPLimits().bodyBytes)
    }

    @Test(arguments: [HTTPRequest.Method.get, .put, .delete])
    func `other methods have no meaning here`(method: HTTPRequest.Method) async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(method, "/Bulk")

            #expect(reply.status.code == 405)
            #expect(reply.fields[.allow] == "POST")
        }
    }

    // MARK: - Failures

    @Test func `a failure has its error, and the others go on`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("taken@example.com")

            let done = try await gateway.bulk(
                post("bad", "taken@example.com"),
                #"{"method":"DELETE","path":"/Users/nobody"}"#,
                patch("/Users/\(id)", locale: "sv", version: #"W/"9""#),
                post("good")
            )

            #expect(done.map(\.status) == ["409", "404", "412", "201"])
            #expect(done[0].error("scimType") == "uniqueness")
            #expect(done[0].bulkID == "bad" && done[0].location == nil && done[0].version == nil)
            #expect(done[1].location == "https://scim.example/scim/v2/Users/nobody")
            #expect(done[2].id == id)
            #expect(done[3].json["response"] == nil)
        }
    }

    @Test func `a version is the If-Match of its own operation`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            let done = try await gateway.bulk(
                patch("/Users/\(id)", locale: "sv", version: #"W/"1""#),
                patch("/Users/\(id)", locale: "de", version: #"W/"1""#),
                patch("/Users/\(id)", locale: "fr", version: #"W/"2""#),
                patch("/Users/\(id)", locale: "nl", version: "")
            )

            #expect(done.map(\.status) == ["200", "412", "200", "400"])
            #expect(done.map(\.version) == [#"W/"2""#, nil, #"W/"3""#, nil])
        }
    }

    @Test(arguments: [(1, ["201", "409"]), (2, ["201", "409", "201", "404"])])
    func `after so many errors nothing more is done`(limit: Int, statuses: [String]) async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                post("first"),
                post("bad", "first@example.com"),
                post("second"),
                #"{"method":"DELETE","path":"/Users/x"}"#,
                post("late"),
                more: #","failOnErrors":\#(limit)"#
            )

            #expect(done.map(\.status) == statuses)
            #expect(await gateway.count("late@example.com") == 0)
        }
    }

    @Test(arguments: [
        (#""method":"POST","path":"/Users/.search","data":{},"bulkId":"x""#, "400"),
        (#""method":"POST","path":"/Bulk","data":{"Operations":[]},"bulkId":"x""#, "400"),
        (#""method":"POST","path":"/Users/1","data":{},"bulkId":"x""#, "405"),
        (#""method":"PUT","path":"/Users","data":{}"#, "405"),
        (#""method":"DELETE","path":"/Schemas""#, "405"),
        (#""method":"DELETE","path":"/Me""#, "501"), (#""method":"GET","path":"/Users/1""#, "400"),
        (#""method":"POST","path":"/Users","data":{"userName":"a@example.com"}"#, "400"),
        (#""method":"DELETE","path":"https://evil.example/scim/v2/Users/1""#, "404"),
        (#""method":"DELETE","path":"https://scim.example/scim/v2Users/1""#, "404"),
        (#""method":"DELETE","path":"../Groups/1""#, "404"),
        (#""method":"DELETE","path":"/Users/..%2f1/2""#, "404"),
        (#""method":"POST","path":"/Groups","data":{},"bulkId":"x""#, "403"),
        (#""method":"DELETE","path":"/Groups/1""#, "403"),
        (#""method":"POST","path":"/Users","data":[],"bulkId":"x""#, "400"),
        (#""method":"POST","path":"/Users","data":{"userName":"none"},"bulkId":"x""#, "400"),
    ])
    func `what a single request refuses is refused inside`(operation: String, status: String) async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk("{\(operation)}", post("next"))

            #expect(done.map(\.status) == [status, "201"])
            #expect(done[0].error("status") == status && done[0].error("detail") != nil)
        }
    }

    @Test(arguments: [
        "/Users/ID", "Users/ID", "//Users/ID/", "/scim/v2/Users/ID", "/api/learner-scim/v2/Users/ID",
        "https://scim.example/scim/v2/Users/ID", "/Users/ID?aadOptscim062020=", "/User%73/ID",
    ])
    func `a path is spelled as in a single request, or with its base`(path: String) async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            let done = try await gateway.bulk(patch(path.replacing("ID", with: id), locale: "sv"))

            #expect(done.map(\.status) == ["200"])
            #expect(done[0].location == "https://scim.example/scim/v2/Users/\(id)")
        }
    }

    // MARK: - Isolation and limits

    @Test func `another tenant's resource is as if it were not`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let foreign = gateway.neighbour.text

            let done = try await gateway.bulk(
                #"{"method":"DELETE","path":"/Users/\#(id)"}"#,
                patch("/Users/\(id)", locale: "sv"),
                post("a", "ada@example.com"),
                token: foreign
            )
            let unknown = try await gateway.bulk(
                #"{"method":"DELETE","path":"/Users/ffffffff-ffff-4fff-8fff-ffffffffffff"}"#,
                token: foreign
            )

            #expect(done.map(\.status) == ["404", "404", "201"])
            #expect(done[0].json["response"] == unknown[0].json["response"])
            #expect(await gateway.send(.get, "/Users/\(id)").status == .ok)
        }
    }

    @Test func `each operation counts against the tenant's ceiling, the first with the request itself`()
        async throws
    {
        let limits = TenantLimits(requestsPerSecond: 10, burst: 2, queueTime: .milliseconds(60))
        try await withGateway(limits: limits, clock: HastyClock()) { gateway in
            let done = try await gateway.bulk(
                post("a"),
                post("b"),
                post("c"),
                post("d"),
                post("e"),
                post("f")
            )

            // Two for the burst and one that is due. Then one each 100 ms, and none waits longer than 60.
            #expect(done.map(\.status) == ["201", "201", "201", "429", "201", "429"])
            #expect(done[3].error("detail")?.contains("ceiling") == true)
            #expect(gateway.runtime.turns.counts.refused == 2)
        }
    }

    @Test func `nothing is done any more once the client has gone`() async throws {
        try await withGateway { gateway in
            let done = try await withThrowingTaskGroup(of: [BulkAnswer].self) { group in
                group.cancelAll()
                group.addTask { try await gateway.bulk(post("a"), post("b")) }
                return try await group.next()
            }

            #expect(done?.isEmpty == true)
            #expect(await gateway.count("a@example.com") == 0)
        }
    }

    @Test func `a store that cannot serve fails its operation, and the cause is only logged`() async throws {
        let log = LogLines()
        try await withGateway(logger: log.logger) { gateway in
            await gateway.close()

            let done = try await gateway.bulk(post("qwerty"), #"{"method":"GET","path":"/Users/x"}"#)

            #expect(done.map(\.status) == ["503", "400"])
            #expect(done[0].error("detail") == "The service cannot answer now. Try again.")
            let line = try #require(log.lines.first)
            #expect(log.lines.count == 1 && line.level == .error)
            #expect(line.metadata["error.type"] == "store_unavailable")
            #expect(line.metadata["error.message"] != nil)
        }
    }

    @Test func `the log has one line with the numbers, and no text of the client`() async throws {
        let log = LogLines()
        try await withGateway(logger: log.logger) { gateway in
            _ = try await gateway.bulk(
                post("qwerty"),
                post("asdf", "qwerty@example.com"),
                #"{"method":"POST","path":"/Users","bulkId":"x","data":{"userName":"x@example.com","title":"Boss"}}"#
            )

            let line = try #require(log.lines.first)
            #expect(log.lines.count == 1 && line.level == .info)
            #expect(line.metadata["scim.bulk.operations"]?.description == "3")
            #expect(line.metadata["scim.bulk.failures"]?.description == "1")
            #expect(line.metadata["http.route"] == "/Bulk")
            #expect(line.metadata["scim.attributes"] == "title dropped")
            #expect(!"\(line.metadata)".contains("qwerty") && !"\(line.metadata)".contains("Boss"))
        }
    }
}
