import HTTPTransport
import HTTPTypes
import SCIM
import SQLiteStore
import Testing

@testable import Gateway

@Suite("Searches through the whole gateway, RFC 7644 §3.4.2")
struct SearchExchangeTests {
    @Test(arguments: ["", "/", "/.search"])
    func `a search from the root goes over all types`(path: String) async throws {
        try await withGateway { gateway in
            _ = try await gateway.create("ada@example.com")

            let searches = [
                ("", "{}", 2), ("?filter=userName+pr", #"{"filter":"userName pr"}"#, 1),
                ("?filter=displayName+eq+%22staff%22", #"{"filter":"displayName eq \"staff\""}"#, 1),
                ("?filter=id+eq+%22x%22", #"{"filter":"id eq \"x\""}"#, 0),
            ]
            for (query, body, total) in searches {
                let reply =
                    path == "/.search"
                    ? await gateway.send(.post, path, body: body) : await gateway.send(.get, path + query)
                let page = try ListAnswer(reply)
                #expect(page.status == 200 && page.totalResults == total, "\(body)")
            }
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.head, 200), (.post, 405), (.put, 405), (.patch, 405), (.delete, 405),
    ])
    func `the root can be read only`(method: HTTPRequest.Method, status: Int) async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(method, "/")

            #expect(reply.status.code == status)
            #expect(reply.fields[.allow] == (status == 405 ? "GET, HEAD" : nil))
        }
    }

    @Test func `a search that no index serves gets so much time, and is then too much`() async throws {
        var limits = SQLiteLimits.standard
        limits.searchTime = .zero
        try await withGateway(limits: limits) { gateway in
            _ = try await gateway.create("ada@example.com")

            for query in [
                "filter=userName+co+%22a%22", "sortBy=userName",
            ] {
                let page = try ListAnswer(await gateway.send(.get, "/Users?\(query)"))
                #expect(page.status == 400 && page.scimType == "tooMany")
            }
            let indexed = try ListAnswer(
                await gateway.send(.get, "/Users?filter=userName+eq+%22ada@example.com%22")
            )
            #expect(indexed.status == 200 && indexed.totalResults == 1)
        }
    }
}

/// What tests look at in the answer to a search.
private struct ListAnswer {
    let status: Int
    private let body: JSONObject

    init(_ reply: Reply) throws {
        status = reply.status.code
        guard case .object(let body) = try JSONReader.read(Array(reply.text.utf8)) else {
            throw SCIMError(status: status, kind: nil, detail: "no object: \(reply.text)")
        }
        self.body = body
    }

    var totalResults: Int? { number("totalResults") }
    var startIndex: Int? { number("startIndex") }
    var itemsPerPage: Int? { number("itemsPerPage") }
    var nextCursor: String? { body["nextCursor"]?.string }
    var scimType: String? { body["scimType"]?.string }

    var userNames: [String] {
        guard case .array(let resources)? = body["Resources"] else { return [] }
        return resources.compactMap { resource in
            guard case .object(let resource) = resource else { return nil }
            return resource["userName"]?.string
        }
    }

    private func number(_ name: String) -> Int? {
        guard case .number(let number)? = body[name] else { return nil }
        return Int(number.text)
    }
}

extension JSONValue {
    fileprivate var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
