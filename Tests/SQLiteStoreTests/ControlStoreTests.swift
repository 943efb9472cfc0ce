import CloudProfiles
import Dialects
import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite control store")
struct ControlStoreTests {
    private let made = ControlContents.MadeConnection(
        tenant: .init("acme"),
        connection: Connection(
            id: .init("payroll"),
            displayName: "Payroll",
            group: .init("a"),
            dialect: .named(.entra),
            attributes: .learner,
            origin: .control,
            allowFrom: .any
        ),
        created: Timestamp(milliseconds: 5)
    )

    private func token(
        _ id: String,
        expires: Timestamp? = nil,
        name: String? = nil,
        replacement: TokenRecord.Replacement? = nil,
        allowFrom: AllowedSources = .any
    ) throws -> TokenRecord {
        TokenRecord(
            id: try #require(AccessToken.ID(id)),
            digest: [UInt8](repeating: 7, count: 32),
            tenant: .init("acme"),
            connection: .init("payroll"),
            created: Timestamp(milliseconds: 6),
            expires: expires,
            revoked: nil,
            origin: .control,
            name: name,
            replacement: replacement,
            allowFrom: allowFrom
        )
    }

    @Test func `connections and tokens are there after closing and opening`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            try await store.add(made, token: try token("AAAAAAAA"))
            try await store.add(try token("BBBBBBBB", expires: Timestamp(milliseconds: 9)))
            await store.close()

            let again = try await root.engine.openControl(.commercial)
            let contents = try await again.contents()

            let connection = try #require(contents.connections.first)
            #expect(contents.connections.count == 1 && connection.connection.group?.text == "a")
            #expect(connection.connection.dialect.name == .entra && connection.created.milliseconds == 5)
            #expect(contents.tokens.map(\.id.text) == ["AAAAAAAA", "BBBBBBBB"])
            #expect(contents.tokens[1].expires?.milliseconds == 9 && contents.tokens[1].digest.count == 32)
            await again.close()
        }
    }

    @Test
    func
        `a connection of an archive has no token, and a purge forgets the tenant's connections and tokens only`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let other = ControlContents.MadeConnection(
                tenant: .init("other"),
                connection: made.connection,
                created: made.created
            )
            try await store.add(made)
            let before = try await store.contents()
            try await store.add(other)
            try await store.add(try token("AAAAAAAA"))
            let use = TokenUseRecord(first: made.created, last: made.created, network: nil, client: nil)
            try await store.keep([try token("AAAAAAAA").id: use])

            try await store.removeAll(of: .init("acme"))

            let after = try await store.contents()
            #expect(before.connections.map(\.connection.id.text) == ["payroll"] && before.tokens.isEmpty)
            #expect(after.connections.map(\.tenant.text) == ["other"])
            #expect(after.tokens.isEmpty && after.uses.isEmpty)
            await store.close()
        }
    }

    @Test func `what an operator did is kept, also of a tenant that is forgotten`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let purged = OperatorEntry(
                .tenantPurged,
                at: Timestamp(milliseconds: 7),
                by: "operator:uid:0",
                of: .init("acme"),
                explaining: "Files: 1."
            )
            let checked = OperatorEntry(
                .storeChecked,
                .failed,
                at: Timestamp(milliseconds: 8),
                by: "operator:uid:0",
                of: nil,
                explaining: nil
            )
            try await store.record(purged)
            try await store.record(checked)
            try await store.removeAll(of: .init("acme"))
            await store.close()

            let again = try await root.engine.openControl(.commercial)
            let all = try await again.operatorEntries(newest: 10, of: nil)
            let newest = try await again.operatorEntries(newest: 1, of: nil)
            let ofTenant = try await again.operatorEntries(newest: 10, of: .init("acme"))

            #expect(all.map(\.number) == [1, 2] && all.map(\.kind) == [.tenantPurged, .storeChecked])
            #expect(newest.map(\.number) == [2] && newest.first?.outcome == .failed)
            #expect(ofTenant.map(\.explanation) == ["Files: 1."] && ofTenant.first?.time.milliseconds == 7)
            await again.close()
        }
    }

    @Test func `as many of an operator's entries are kept as may be, and the oldest go first`() async throws {
        try await withDataRoot { root in
            let entry = OperatorEntry(
                .storeChecked,
                at: Timestamp(milliseconds: 1),
                by: "x",
                of: nil,
                explaining: nil
            )
            try await root.engine.openControl(.commercial).close()
            try Self.fill("\(root.path)/commercial/control.sqlite", [1, OperatorEntry.kept - 1])
            let store = try await root.engine.openControl(.commercial)

            try await store.record(entry)
            let atLimit = try await store.operatorEntries(newest: 9, of: nil).map(\.number)
            try await store.record(entry)
            let above = try await store.operatorEntries(newest: 9, of: nil).map(\.number)

            #expect(atLimit == [1, OperatorEntry.kept - 1, OperatorEntry.kept])
            #expect(above == [OperatorEntry.kept - 1, OperatorEntry.kept, OperatorEntry.kept + 1])
            await store.close()
        }
    }

    /// Adds entries of these numbers to a control database that nobody has open.
    private static func fill(_ path: String, _ numbers: [Int64]) throws {
        let database = try SQLiteDatabase(path: path, role: .writer, limits: .standard)
        for number in numbers {
            let statement = try database.prepared(
                "INSERT INTO operator_activity VALUES (?1, 1, 'store.checked', 1, 'x', NULL, NULL)"
            )
            try statement.bind(1, number)
            try statement.run()
        }
    }

    @Test func `networks of a connection are kept`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.gccHigh)
            let networks = [try Network("203.0.113.0/28"), try Network("2001:db8::/32")]
            let connection = Connection(
                id: .init("payroll"),
                displayName: "",
                group: nil,
                dialect: .named(.generic),
                attributes: .full,
                origin: .control,
                allowFrom: .networks(networks)
            )
            try await store.add(
                .init(tenant: .init("acme"), connection: connection, created: Timestamp(milliseconds: 1)),
                token: try token("AAAAAAAA")
            )

            let contents = try await store.contents()

            #expect(contents.connections.first?.connection.allowFrom == .networks(networks))
            await store.close()
        }
    }

    @Test func `where a token may be used from is kept, and what entra stands for`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let list = NetworkList(
                cloud: "Public",
                changeNumber: 412,
                issued: Timestamp(milliseconds: 9),
                networks: [try Network("203.0.113.0/28"), try Network("2001:db8::/32")]
            )
            let sources: [AllowedSources] = [
                .any, .networks([]), .entra(besides: []), .entra(besides: [try Network("192.0.2.0/24")]),
            ]
            for (number, allowFrom) in sources.enumerated() {
                try await store.add(try token("AAAAAAA\(number)", allowFrom: allowFrom))
            }
            let before = try await store.contents().networks

            try await store.keep(
                NetworkList(cloud: "Public", changeNumber: 1, issued: list.issued, networks: [])
            )
            try await store.keep(list)
            let kept = try await store.contents()

            #expect(before == nil && kept.networks == list)
            #expect(kept.tokens.map(\.allowFrom) == sources)
            await store.close()
        }
    }

    @Test func `a connection and its first token are kept together or not at all`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            try await store.add(try token("AAAAAAAA"))

            await #expect(throws: StoreError.self) { try await store.add(made, token: try token("AAAAAAAA")) }

            let contents = try await store.contents()
            #expect(contents.connections.isEmpty && contents.tokens.count == 1)
            await store.close()
        }
    }

    @Test func `a revoked token keeps the moment of its first revocation`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let token = try token("AAAAAAAA")
            try await store.add(token)

            let first = try await store.revoke(token.id, at: Timestamp(milliseconds: 10))
            let second = try await store.revoke(token.id, at: Timestamp(milliseconds: 20))
            let unknown = try await store.revoke(
                try #require(AccessToken.ID("ZZZZZZZZ")),
                at: Timestamp(milliseconds: 20)
            )

            #expect(first && second && !unknown)
            #expect(try await store.contents().tokens.first?.revoked?.milliseconds == 10)
            await store.close()
        }
    }

    @Test func `a token's name is kept, and in whose place it steps`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let old = try token("AAAAAAAA")
            let replacement = TokenRecord.Replacement(of: old.id, overlapMilliseconds: 0)
            try await store.add(old)
            try await store.add(try token("BBBBBBBB", name: "rotation 2027", replacement: replacement))

            let kept = try await store.contents().tokens

            #expect(kept.map(\.name) == [nil, "rotation 2027"])
            #expect(kept.map(\.replacement) == [nil, replacement])
            await store.close()
        }
    }

    @Test func `a token that was to be revoked later can be revoked before`() async throws {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let token = try token("AAAAAAAA")
            try await store.add(token)

            _ = try await store.revoke(token.id, at: Timestamp(milliseconds: 20))
            _ = try await store.revoke(token.id, at: Timestamp(milliseconds: 10))

            #expect(try await store.contents().tokens.first?.revoked?.milliseconds == 10)
            await store.close()
        }
    }

    @Test func `the uses of tokens and the warnings about them are kept, and forgotten with their token`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.engine.openControl(.commercial)
            let (token, other) = (try token("AAAAAAAA"), try token("BBBBBBBB"))
            let first = TokenUseRecord(
                first: Timestamp(milliseconds: 1_000),
                last: Timestamp(milliseconds: 1_000),
                network: "203.0.113.0/24",
                client: "A/1"
            )
            let last = TokenUseRecord(
                first: Timestamp(milliseconds: 1_000),
                last: Timestamp(milliseconds: 9_000),
                network: nil,
                client: nil
            )
            try await store.add(token)
            try await store.add(other)

            try await store.keep([token.id: first, other.id: first])
            try await store.keep([token.id: last])
            let told = ExpiryWarning(ends: Timestamp(milliseconds: 9), daysBefore: 7)
            try await store.keep([token.id: ExpiryWarning(ends: Timestamp(milliseconds: 9), daysBefore: 14)])
            try await store.keep([token.id: told, other.id: told])
            let warnings = try await store.contents().warnings
            let kept = try await store.contents().uses
            try await store.forget([token.id])
            let left = try await store.contents()

            #expect(kept == [token.id: last, other.id: first])
            #expect(warnings == [token.id: told, other.id: told] && left.warnings == [other.id: told])
            #expect(left.uses == [other.id: first] && left.tokens.map(\.id) == [other.id])
            await store.close()
        }
    }
}
