import HTTPTransport
import HTTPTypes
import SCIM
import SQLiteStore
import Synchronization
import Testing

@testable import Gateway

@Suite("Searches through the whole gateway, RFC 7644 §3.4.2 and RFC 9865")
struct SearchExchangeTests {
    @Test(arguments: [
        ("", false), ("&sortBy=userName&sortOrder=descending", false), ("&filter=userName+co+%22@%22", true),
    ])
    func `a client walks through all pages, by GET or by search`(query: String, isSearch: Bool) async throws {
        try await withGateway { gateway in
            for number in 1...5 { _ = try await gateway.create("u\(number)@example.com") }

            var (cursor, seen, pages) = ("", [String](), 0)
            while true {
                let reply =
                    isSearch && pages > 0
                    ? await gateway.send(
                        .post,
                        "/Users/.search",
                        body: #"{"filter":"userName co \"@\"","count":2,"cursor":"\#(cursor)"}"#
                    )
                    : await gateway.send(.get, "/Users?count=2&cursor=\(cursor)\(query)")
                let page = try ListAnswer(reply)
                #expect(page.status == 200 && page.totalResults == 5 && page.startIndex == nil)
                #expect(page.itemsPerPage == page.userNames.count)
                seen += page.userNames
                pages += 1
                guard let next = page.nextCursor else { break }
                cursor = next
            }

            let names = (1...5).map { "u\($0)@example.com" }
            #expect(seen == (query.contains("descending") ? names.reversed() : names))
            #expect(pages == 3)
        }
    }

    @Test func `a walk goes on over what is written between its pages`() async throws {
        try await withGateway { gateway in
            var ids: [String] = []
            for number in 1...5 { ids.append(try await gateway.create("u\(number)@example.com")) }
            let first = try ListAnswer(await gateway.send(.get, "/Users?count=2&cursor"))
            let cursor = try #require(first.nextCursor)

            for id in [ids[1], ids[2]] { _ = await gateway.send(.delete, "/Users/\(id)") }
            _ = try await gateway.create("u6@example.com")

            let second = try ListAnswer(await gateway.send(.get, "/Users?count=9&cursor=\(cursor)"))
            #expect(first.userNames == ["u1@example.com", "u2@example.com"])
            #expect(second.userNames == ["u4@example.com", "u5@example.com", "u6@example.com"])
            #expect(second.nextCursor == nil && second.totalResults == 5)
        }
    }

    @Test(
        arguments: [
            ("cursor=no-such-cursor", "invalidCursor"), ("cursor=CURSOR&filter=id+pr", "invalidCursor"),
            ("cursor=CURSOR&sortBy=id", "invalidCursor"), ("cursor=CURSOR&count=0", "invalidCount"),
            ("cursor=&count=-1", "invalidCount"), ("cursor=CURSOR&startIndex=2", "invalidValue"),
            ("cursor=CURSOR", nil), ("cursor=CURSOR&count=1001", nil), ("cursor=CURSOR&startIndex=1", nil),
        ] as [(String, String?)]
    )
    func `what does not go with a cursor is told by its keyword`(query: String, keyword: String?) async throws
    {
        try await withGateway { gateway in
            for number in 1...3 { _ = try await gateway.create("u\(number)@example.com") }
            let cursor = try #require(
                ListAnswer(await gateway.send(.get, "/Users?count=1&cursor=")).nextCursor
            )

            let sent = query.split(separator: "CURSOR", omittingEmptySubsequences: false).joined(
                separator: cursor
            )
            let page = try ListAnswer(await gateway.send(.get, "/Users?\(sent)"))

            #expect(page.status == (keyword == nil ? 200 : 400) && page.scimType == keyword)
        }
    }

    @Test func `a cursor of users opens neither groups nor everything`() async throws {
        try await withGateway { gateway in
            for number in 1...3 { _ = try await gateway.create("u\(number)@example.com") }
            let cursor = try #require(
                ListAnswer(await gateway.send(.get, "/Users?count=1&cursor=")).nextCursor
            )

            for path in ["/Groups", "", "/"] {
                let page = try ListAnswer(await gateway.send(.get, "\(path)?cursor=\(cursor)"))
                #expect(page.status == 400 && page.scimType == "invalidCursor")
            }
        }
    }

    @Test func `a cursor ends with its time, and a token's end ends its walk`() async throws {
        let clock = Mutex(Int64(1_700_000_000_000))
        try await withGateway(now: { Timestamp(milliseconds: clock.withLock { $0 }) }) { gateway in
            for number in 1...3 { _ = try await gateway.create("u\(number)@example.com") }
            let cursor = try #require(
                ListAnswer(await gateway.send(.get, "/Users?count=1&cursor=")).nextCursor
            )

            clock.withLock { $0 += 600_000 }
            let inTime = try ListAnswer(await gateway.send(.get, "/Users?count=1&cursor=\(cursor)"))
            clock.withLock { $0 += 1 }
            let late = try ListAnswer(await gateway.send(.get, "/Users?count=1&cursor=\(cursor)"))
            gateway.revoke()
            let revoked = await gateway.send(.get, "/Users?count=1&cursor=\(inTime.nextCursor ?? "")")

            #expect(inTime.status == 200 && inTime.userNames == ["u2@example.com"])
            #expect(late.status == 400 && late.scimType == "expiredCursor")
            #expect(revoked.status == .unauthorized)
        }
    }

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
        try await withGateway(storeLimits: limits) { gateway in
            _ = try await gateway.create("ada@example.com")

            for query in [
                "filter=userName+co+%22a%22", "sortBy=userName", "filter=userName+co+%22a%22&cursor=",
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
