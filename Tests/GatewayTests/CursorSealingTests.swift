import CloudProfiles
import Crypto
import Dialects
import SCIM
import Testing

@testable import Gateway
@testable import Tenancy

@Suite("Cursors: sealed, expiring and bound to their query, RFC 9865")
struct CursorSealingTests {
    private let library: LibraryContext
    private let sealing: CursorSealing
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let position = PagePosition(row: 7, key: .text(Array("lovelace".utf8)), totalResults: 42)

    init() throws {
        library = try TestGateway.library.get()
        sealing = CursorSealing(library: library)
    }

    @Test(arguments: [
        PagePosition(row: 1, totalResults: 0), PagePosition(row: .max, key: .missing, totalResults: .max),
        PagePosition(row: 7, key: .text([UInt8](repeating: 0xC3, count: 256)), totalResults: 9),
    ])
    func `a cursor gives its position back, in letters that need no escape`(position: PagePosition) throws {
        let cursor = try sealing.cursor(position, Self.walk(), now: now)

        #expect(try sealing.position(cursor, Self.walk(), now: now) == position)
        #expect(cursor.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil)
        #expect(cursor.utf8.count <= 414)
    }

    @Test func `a cursor does not show what it holds, and no two are alike`() throws {
        let cursors = try (0..<8).map { _ in try sealing.cursor(position, Self.walk(), now: now) }

        #expect(Set(cursors).count == 8)
        for cursor in cursors {
            let bytes = try #require(Base64URL.bytes(cursor))
            #expect(!String(decoding: bytes, as: UTF8.self).contains("lovelace"))
        }
    }

    @Test(
        arguments: [(0, nil), (600_000, nil), (600_001, .expiredCursor), (86_400_000, .expiredCursor)]
            as [(Int64, SCIMError.Kind?)]
    )
    func `a cursor is good for ten minutes`(milliseconds: Int64, kind: SCIMError.Kind?) throws {
        let cursor = try sealing.cursor(position, Self.walk(), now: now)
        let later = Timestamp(milliseconds: now.milliseconds + milliseconds)

        #expect(refusal(of: cursor, by: sealing, now: later)?.kind == kind)
    }

    static let others: [CursorSealing.Walk] = [
        walk(tenant: "fabrikam"), walk(connection: "sales"), walk(connection: nil), walk(type: .group),
        walk(type: nil), walk(["filter": "userName sw \"b\""]), walk([:]), walk(["filter": ""]),
        walk(["filter": "userName sw \"a\"", "sortBy": "userName"]),
        walk(["filter": "userName sw \"a\"", "sortOrder": "descending"]),
        // The same letters, in another place.
        walk(tenant: "contosohr", connection: ""), walk(tenant: "contos", connection: "ohr"),
    ]

    @Test(arguments: others.indices)
    func `a cursor of another tenant, connection, type or query is invalid, also when it is too old`(
        index: Int
    )
        throws
    {
        let cursor = try sealing.cursor(position, Self.others[index], now: now)

        for milliseconds in [0, 600_001] as [Int64] {
            let later = Timestamp(milliseconds: now.milliseconds + milliseconds)
            let error = refusal(of: cursor, by: sealing, now: later)
            #expect(error == .badRequest(.invalidCursor, ""))
        }
    }

    @Test(arguments: [
        ["filter": "userName sw \"a\"", "count": "7"], ["filter": "userName sw \"a\"", "attributes": "id"],
    ])
    func `a page of another size, or of other attributes, goes on with the same walk`(
        parameters: [String: String]
    )
        throws
    {
        let cursor = try sealing.cursor(position, Self.walk(), now: now)

        #expect(try sealing.position(cursor, Self.walk(parameters), now: now) == position)
    }

    @Test func `no changed, missing or added letter is forgiven`() throws {
        let cursor = try sealing.cursor(position, Self.walk(), now: now)

        for index in cursor.indices {
            var letters = cursor
            letters.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
            let shorter = String(cursor[..<index])
            for garbled in [letters, shorter] {
                let error = refusal(of: garbled, by: sealing, now: now)
                #expect(error == .badRequest(.invalidCursor, ""))
            }
        }
        for more in ["A", "AAAA", "="] {
            let error = refusal(of: cursor + more, by: sealing, now: now)
            #expect(error == .badRequest(.invalidCursor, ""))
        }
    }

    @Test(arguments: [
        "x", "no-such-cursor", "åäö", String(repeating: "A", count: 414), String(repeating: "A", count: 415),
        String(repeating: "A", count: 1 << 20),
    ])
    func `an invented cursor is invalid`(text: String) {
        let error = refusal(of: text, by: sealing, now: now)

        #expect(error == .badRequest(.invalidCursor, ""))
    }

    @Test func `a restart ends all cursors`() throws {
        let cursor = try sealing.cursor(position, Self.walk(), now: now)
        let restarted = CursorSealing(library: library)

        let error = refusal(of: cursor, by: restarted, now: now)

        #expect(error == .badRequest(.invalidCursor, ""))
    }

    @Test func `a key that has sealed enough gets a successor, and its cursors end`() throws {
        let sealing = CursorSealing(library: library, mostSeals: 2)
        let cursors = try (0..<3).map { _ in try sealing.cursor(position, Self.walk(), now: now) }

        #expect(
            refusal(of: cursors[1], by: sealing, now: now)?.kind == .invalidCursor
        )
        #expect(try sealing.position(cursors[2], Self.walk(), now: now) == position)
        #expect(
            try sealing.position(sealing.cursor(position, Self.walk(), now: now), Self.walk(), now: now)
                == position
        )
    }

    @Test func `a search begins by index, at the first page, or where its cursor says`() throws {
        let cursor = try sealing.cursor(position, Self.walk([:]), now: now)
        let walks = [["startIndex": "3"], ["cursor": ""], ["cursor": cursor]].map { Self.walk($0) }

        let starts = try walks.map { try sealing.start(of: $0, now: now) }

        #expect(starts == [.offset(2), .cursor(after: nil), .cursor(after: position)])
    }

    // MARK: - Who asks what

    private static func walk(
        tenant: String = "contoso",
        connection: String? = "hr",
        type: ResourceType.Name? = .user,
        _ parameters: [String: String] = ["filter": "userName sw \"a\""]
    ) -> CursorSealing.Walk {
        let connection = connection.map {
            Connection(
                id: Connection.ID($0),
                displayName: "Any",
                group: nil,
                dialect: .named(.generic),
                attributes: .full,
                origin: .file
            )
        }
        let tenant = Tenant(
            id: Tenant.ID(tenant),
            displayName: "Any",
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: [],
            connections: connection.map { [$0] } ?? [],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        )
        let scope = TenantScope(
            tenant: tenant,
            connection: connection,
            profile: .named(.commercial),
            tokenID: nil
        )
        do {
            let search = try SearchRequest.reading(
                parameters: parameters.map { (name: $0.key, value: $0.value) }
            )
            return CursorSealing.Walk(type: type, search: search, scope: scope)
        } catch {
            preconditionFailure("The test's own parameters are refused: \(error)")
        }
    }

    /// What the client is told about a cursor; nil when it is good.
    private func refusal(of cursor: String, by sealing: CursorSealing, now: Timestamp) -> SCIMError? {
        do throws(Refusal) {
            _ = try sealing.position(cursor, Self.walk(), now: now)
            return nil
        } catch {
            guard case .scim(let refusal) = error else {
                Issue.record("not the client's fault: \(error.reason)")
                return nil
            }
            return refusal
        }
    }
}
