import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("Versions and conditions over the whole way, RFC 7644 §3.14")
struct ConditionalExchangeTests {
    private static let put = #"{"userName":"ada@example.com","locale":"sv"}"#
    private static let patch = #"{"Operations":[{"op":"replace","path":"locale","value":"sv"}]}"#

    /// A resource of version 2 is met with these conditions.
    struct Case: Sendable {
        var ifMatch: String?
        var ifNoneMatch: String?
        let read: Int
        let write: Int

        var fields: HTTPFields {
            var fields = HTTPFields()
            fields[.ifMatch] = ifMatch
            fields[.ifNoneMatch] = ifNoneMatch
            return fields
        }
    }

    private static let cases = [
        Case(read: 200, write: 200),
        Case(ifMatch: "W/\"2\"", read: 200, write: 200),
        Case(ifMatch: "*", read: 200, write: 200),
        Case(ifMatch: "W/\"1\", W/\"2\"", read: 200, write: 200),
        Case(ifMatch: "W/\"1\"", read: 412, write: 412),
        Case(ifMatch: "W/\"1\", \"2\"", read: 412, write: 412),
        Case(ifMatch: "2", read: 400, write: 400),
        Case(ifNoneMatch: "W/\"1\"", read: 200, write: 200),
        Case(ifNoneMatch: "W/\"2\"", read: 304, write: 412),
        Case(ifNoneMatch: "\"2\"", read: 304, write: 412),
        Case(ifNoneMatch: "W/\"9\",W/\"2\"", read: 304, write: 412),
        Case(ifNoneMatch: "*", read: 304, write: 412),
        Case(ifNoneMatch: "\"2", read: 400, write: 400),
        Case(ifMatch: "W/\"1\"", ifNoneMatch: "W/\"2\"", read: 412, write: 412),
    ]

    @Test(arguments: cases)
    func `each method keeps to its conditions`(asked: Case) async throws {
        try await withGateway { gateway in
            let path = "/Users/" + (try await gateway.create("ada@example.com"))
            _ = await gateway.send(
                .patch,
                path,
                body: #"{"Operations":[{"op":"add","path":"locale","value":"en"}]}"#
            )

            let read = await gateway.send(.get, path, fields: asked.fields)
            let head = await gateway.send(.head, path, fields: asked.fields)
            // A change that is let through makes version 3: each method meets version 2 once.
            let write = await gateway.send(.patch, path, fields: asked.fields, body: Self.patch)

            #expect([read, head].map(\.status.code) == [asked.read, asked.read])
            #expect(write.status.code == asked.write)
            let version = await gateway.send(.get, path).fields[.eTag]
            #expect(version == (asked.write == 200 ? "W/\"3\"" : "W/\"2\""))
            if asked.read == 304 { #expect(read.fields[.eTag] == "W/\"2\"" && read.body.count == 0) }
        }
    }

    @Test(arguments: cases)
    func `PUT and DELETE keep to them as PATCH does`(asked: Case) async throws {
        try await withGateway { gateway in
            let path = "/Users/" + (try await gateway.create("ada@example.com"))
            let second = "/Users/" + (try await gateway.create("bob@example.com"))
            for path in [path, second] {
                let english = #"{"Operations":[{"op":"add","path":"locale","value":"en"}]}"#
                _ = await gateway.send(.patch, path, body: english)
            }

            let put = await gateway.send(.put, path, fields: asked.fields, body: Self.put)
            let delete = await gateway.send(.delete, second, fields: asked.fields)

            #expect(put.status.code == asked.write)
            #expect(delete.status.code == (asked.write == 200 ? 204 : asked.write))
            let isThere = await gateway.send(.get, second).status == .ok
            #expect(isThere == (asked.write != 200))
        }
    }

    @Test(arguments: [HTTPFields(), [.ifNoneMatch: "*"], [.ifMatch: "*"], [.ifMatch: "W/\"1\""]])
    func `what is not there is not found, whatever the condition`(fields: HTTPFields) async throws {
        try await withGateway { gateway in
            let answers = [
                await gateway.send(.get, "/Users/none", fields: fields),
                await gateway.send(.put, "/Users/none", fields: fields, body: Self.put),
                await gateway.send(.patch, "/Users/none", fields: fields, body: Self.patch),
                await gateway.send(.delete, "/Users/none", fields: fields),
            ]

            #expect(answers.map(\.status.code) == [404, 404, 404, 404])
        }
    }

    @Test func `every answer with a resource has its version, which changes with it alone`() async throws {
        try await withGateway { gateway in
            let made = await gateway.send(.post, "/Users", body: Self.put)
            let path = String(try #require(made.fields[.location]?.split(separator: "/scim/v2").last))
            let answers = [
                made, await gateway.send(.get, path), await gateway.send(.head, path),
                await gateway.send(.put, path, body: Self.put),
                await gateway.send(.patch, path, body: Self.patch),
                await gateway.send(.put, path, body: Self.put.replacing("sv", with: "en")),
                await gateway.send(.patch, path, body: Self.patch),
            ]

            #expect(answers.map { $0.fields[.eTag] } == [1, 1, 1, 1, 1, 2, 3].map { "W/\"\($0)\"" })
            for answer in answers {
                let tag = try #require(answer.fields[.eTag]).replacing("\"", with: "\\\"")
                #expect(answer.text.contains(#""version":"\#(tag)""#))
            }
        }
    }
}
