import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("References in a bulk request, RFC 7644 §3.7.1 and §3.7.2, over a real store")
struct BulkReferenceTests {
    @Test func `a reference back stands for the id of what was made`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(post("boss"), post("clerk", manager: "bulkId:boss"))

            #expect(done.map(\.status) == ["201", "201"])
            #expect(try await gateway.manager(of: done[1].id) == done[0].id)
        }
    }

    @Test func `a reference forward does too, and the answer keeps the order of the request`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                patch("/Users/bulkId:clerk", locale: "sv"),
                post("clerk", manager: "bulkId:boss"),
                post("boss")
            )

            #expect(done.map(\.status) == ["200", "201", "201"])
            #expect(done.map(\.bulkID) == [nil, "clerk", "boss"])
            #expect(done[0].location == done[1].location)
            #expect(try await gateway.manager(of: done[1].id) == done[2].id)
            #expect(await gateway.send(.get, "/Users/\(done[1].id)").text.contains(#""locale":"sv""#))
        }
    }

    @Test(arguments: [
        #"{"op":"add","path":"manager","value":"bulkId:boss"}"#,
        #"{"op":"add","path":"manager","value":{"value":"bulkId:boss"}}"#,
        #"{"op":"add","path":"manager","value":[{"value":"bulkId:boss"}]}"#,
        #"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":"bulkId:boss"}}"#,
    ])
    func `the value of a PATCH may be a reference in every shape`(operation: String) async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("clerk@example.com")

            let done = try await gateway.bulk(
                #"{"method":"PATCH","path":"/Users/\#(id)","data":{"Operations":[\#(operation)]}}"#,
                post("boss")
            )

            #expect(done.map(\.status) == ["200", "201"])
            #expect(try await gateway.manager(of: id) == done[1].id)
        }
    }

    @Test func `who was made under a name can be changed and deleted by it`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                post("a"),
                #"{"method":"PUT","path":"/Users/bulkId:a","data":{"userName":"new@example.com"},"version":"W/\"1\""}"#,
                patch("/Users/bulkId%3Aa", locale: "sv", version: #"W/"2""#),
                #"{"method":"DELETE","path":"/Users/bulkId:a","version":"W/\"3\""}"#
            )

            #expect(done.map(\.status) == ["201", "200", "200", "204"])
            #expect(Set(done.map(\.id)) == [done[0].id])
            #expect(await gateway.send(.get, "/Users/\(done[0].id)").status == .notFound)
        }
    }

    @Test(arguments: [
        (post("a", manager: "bulkId:nobody"), "no POST of this request has: 'nobody'"),
        (patch("/Users/bulkId:nobody", locale: "sv"), "no POST of this request has: 'nobody'"),
        (post("a", manager: "bulkId:bad"), "POST has failed: 'bad'"),
        (patch("/Users/bulkId:bad", locale: "sv"), "POST has failed: 'bad'"),
        (post("a", manager: "bulkId:malformed"), "POST has failed: 'malformed'"),
    ])
    func `a reference that stands for nothing fails its operation`(operation: String, detail: String)
        async throws
    {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                operation,
                post("bad", "no address"),
                #"{"method":"POST","path":"/Nothing","bulkId":"malformed","data":{}}"#,
                post("good")
            )

            #expect(done.map(\.status) == ["409", "400", "404", "201"])
            #expect(done[0].error("detail")?.contains(detail) == true)
            #expect(done[0].location == nil)
            #expect(await gateway.count("a@example.com") == 0)
        }
    }

    @Test func `a failure goes along the chain of those who refer to it`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                post("a", manager: "bulkId:b"),
                post("b", manager: "bulkId:c"),
                post("c", "no address")
            )

            #expect(done.map(\.status) == ["409", "409", "400"])
        }
    }

    // MARK: - Cycles

    @Test func `two who refer to each other are made and joined`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(post("a", manager: "bulkId:b"), post("b", manager: "bulkId:a"))

            #expect(done.map(\.status) == ["201", "201"])
            #expect(try await gateway.manager(of: done[0].id) == done[1].id)
            #expect(try await gateway.manager(of: done[1].id) == done[0].id)
            // The second was made first, and completed when the first was there: its version says so.
            #expect(done.map(\.version) == [#"W/"1""#, #"W/"2""#])
            let current = await gateway.send(.get, "/Users/\(done[1].id)")
            #expect(current.fields[.eTag] == done[1].version)
        }
    }

    @Test func `three in a ring, and one that refers to itself, too`() async throws {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                post("a", manager: "bulkId:b"),
                post("b", manager: "bulkId:c"),
                post("c", manager: "bulkId:a"),
                post("d", manager: "bulkId:d")
            )

            #expect(done.map(\.status) == ["201", "201", "201", "201"])
            for (index, boss) in [1, 2, 0, 3].enumerated() {
                #expect(try await gateway.manager(of: done[index].id) == done[boss].id)
            }
        }
    }

    @Test func `when one of a cycle fails, the other is told to be incomplete and where it is`() async throws
    {
        try await withGateway { gateway in
            let done = try await gateway.bulk(
                post("a", "no address", manager: "bulkId:b"),
                post("b", manager: "bulkId:a"),
                post("c")
            )

            #expect(done.map(\.status) == ["400", "409", "201"])
            #expect(done[0].location == nil && done[1].version == nil)
            #expect(done[1].error("detail")?.contains("was created, but a reference") == true)
            #expect(await gateway.send(.get, "/Users/\(done[1].id)").status == .ok)
            #expect(try await gateway.manager(of: done[1].id) == nil)
        }
    }

    @Test func `a stop does not leave a finished cycle half joined, and tells an unfinished one`()
        async throws
    {
        try await withGateway { gateway in
            let joined = try await gateway.bulk(
                post("bad", "no address"),
                post("late", manager: "bulkId:late"),
                more: #","failOnErrors":1"#
            )
            let broken = try await gateway.bulk(
                post("a", manager: "bulkId:b"),
                post("b", manager: "bulkId:c"),
                post("c", manager: "bulkId:a"),
                more: #","failOnErrors":1"#
            )
            let stopped = try await gateway.bulk(
                post("x", "x1@example.com", manager: "bulkId:y"),
                post("y", "no address", manager: "bulkId:z"),
                post("z", "z1@example.com", manager: "bulkId:x"),
                more: #","failOnErrors":1"#
            )

            #expect(joined.map(\.status) == ["400"])
            #expect(broken.map(\.status) == ["201", "201", "201"])
            // z was made first, y failed, x was not tried any more: z is there, without its manager.
            #expect(stopped.map(\.bulkID) == ["y", "z"])
            #expect(stopped.map(\.status) == ["400", "409"])
            #expect(await gateway.send(.get, "/Users/\(stopped[1].id)").status == .ok)
        }
    }
}
