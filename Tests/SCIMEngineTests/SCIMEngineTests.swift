import CloudProfiles
import Dialects
import SCIM
import Store
import Synchronization
import Testing

@testable import SCIMEngine
@testable import Tenancy

@Suite("The engine's decisions, product.md Identity rules")
struct SCIMEngineTests {
    private let store = InMemoryTenantStore()
    private let engine: SCIMEngine
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    init() {
        let count = Mutex(0)
        engine = SCIMEngine(makingIDs: {
            ResourceID("id-\(count.withLock { $0 += 1; return $0 })")
        })
    }

    @Test func `a new user of whom nobody says otherwise is active`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"))

        #expect(try made.resource().attributes["active"] == .simple(.boolean(true)))
    }

    @Test func `a name that is taken is a conflict, in any case and by any connection`() async throws {
        _ = try await create("ada@example.com", by: Self.asker("a"))

        let refusal = await refusal { try await create("ADA@example.com", by: Self.asker("b")) }

        #expect(refusal?.status == 409)
        #expect(refusal?.kind == .uniqueness)
    }

    @Test func `under last-writer another connection may change a learner`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"))

        let outcome = try await engine.perform(
            Self.patch(made.id, "locale", "sv"),
            Self.asker("b"),
            in: store,
            now: now
        )

        #expect(Self.changed(outcome)?.version == ResourceVersion(2))
    }

    @Test func `under owner-only another connection is told who the owner is`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a", .ownerOnly))

        let refusal = await refusal {
            try await engine.perform(
                Self.patch(made.id, "locale", "sv"),
                Self.asker("b", .ownerOnly),
                in: store,
                now: now
            )
        }

        #expect(refusal?.status == 409)
        #expect(refusal?.detail.contains("connection a") == true)
    }

    @Test(arguments: [("W/\"1\"", nil), ("*", nil), ("W/\"2\"", 412), ("\"1\"", 412)] as [(String, Int?)])
    func `If-Match lets a write pass only at the current version`(tag: String, status: Int?) async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"))
        let conditions = Preconditions(ifMatch: try .reading(tag), ifNoneMatch: nil)

        let refusal = await refusal {
            try await engine.perform(
                Self.patch(made.id, "locale", "sv", conditions),
                Self.asker("a"),
                in: store,
                now: now
            )
        }

        #expect(refusal?.status == status)
    }

    @Test func `a read of a version that the client holds is not modified`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"))
        let conditions = Preconditions(ifMatch: nil, ifNoneMatch: try .reading("W/\"9\", W/\"1\""))

        let outcome = try await engine.perform(
            .read(.user, made.id, conditions),
            Self.asker("a"),
            in: store,
            now: now
        )

        guard case .notModified(let version) = outcome else {
            Issue.record("expected not modified")
            return
        }
        #expect(version == ResourceVersion(1))
    }

    @Test func `a PUT keeps active when the body does not name it, and clears the rest`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"), extra: ["locale": "sv"])
        _ = try await engine.perform(
            Self.patch(made.id, "active", "False"),
            Self.asker("a"),
            in: store,
            now: now
        )

        let body = Self.user("ada@example.com", [:])
        let outcome = try await engine.perform(
            .replace(made.id, body, .none),
            Self.asker("a"),
            in: store,
            now: now
        )

        let replaced = try #require(try Self.changed(outcome)?.resource())
        #expect(replaced.attributes["active"] == .simple(.boolean(false)))
        #expect(replaced.attributes["locale"] == nil)
    }

    @Test func `a learner connection's PUT keeps what only a full connection can see`() async throws {
        let made = try await create(
            "ada@example.com",
            by: Self.asker("f", set: .full),
            extra: ["title": "Countess"]
        )

        let outcome = try await engine.perform(
            .replace(made.id, Self.user("ada@example.com", [:]), .none),
            Self.asker("a"),
            in: store,
            now: now
        )

        #expect(try Self.changed(outcome)?.resource().attributes.string("title") == "Countess")
    }

    @Test func `an unmanaged learner is associated: same id, the body's attributes set, the others kept`()
        async throws
    {
        let imported = try await importUnmanaged("ada@example.com", locale: "sv")

        let made = try await create(
            "Ada@example.com",
            by: Self.asker("a"),
            extra: ["timezone": "Europe/London"]
        )

        #expect(made.id == imported.id)
        let resource = try made.resource()
        #expect(resource.attributes.string("userName") == "Ada@example.com")
        #expect(resource.attributes.string("locale") == "sv")
        #expect(resource.attributes.string("timezone") == "Europe/London")
    }

    @Test func `what a patch drops is in the outcome`() async throws {
        let made = try await create("ada@example.com", by: Self.asker("a"))

        let outcome = try await engine.perform(
            Self.patch(made.id, "title", "Dr"),
            Self.asker("a"),
            in: store,
            now: now
        )

        guard case .changed(let resource, _, let notes) = outcome else {
            Issue.record("expected a change")
            return
        }
        #expect(notes.map(\.kind) == [.dropped])
        #expect(resource.version == ResourceVersion(1), "nothing was stored")
    }
}

// MARK: - Given

extension SCIMEngineTests {
    static func asker(
        _ connection: String,
        _ overlap: Tenant.Overlap = .lastWriter,
        set: AttributeSet = .learner
    ) -> Asker {
        let connection = Connection(
            id: Connection.ID(connection),
            displayName: connection,
            group: nil,
            dialect: .named(.generic),
            attributes: set,
            origin: .file
        )
        let tenant = Tenant(
            id: Tenant.ID("t"),
            displayName: "T",
            profile: .commercial,
            status: .active,
            overlap: overlap,
            groups: [],
            connections: [connection],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        )
        return Asker(
            TenantScope(tenant: tenant, connection: connection, profile: .named(.commercial), tokenID: nil),
            locationPrefix: "https://scim.example/scim/v2"
        )
    }

    private static func user(_ name: String, _ extra: [AttributeName: String]) -> Resource {
        var attributes = ComplexValue()
        attributes["userName"] = .simple(.string(name))
        for (name, text) in extra { attributes[name] = .simple(.string(text)) }
        return Resource(type: .user, attributes: attributes)
    }

    private static func patch(
        _ id: ResourceID,
        _ path: String,
        _ value: String,
        _ conditions: Preconditions = .none
    )
        throws -> SCIMOperation
    {
        let json = #"{"schemas":[],"Operations":[{"op":"replace","path":"\#(path)","value":"\#(value)"}]}"#
        return .patch(
            .user,
            id,
            try PatchRequest.reading(JSONReader.read(Array(json.utf8).span)),
            PatchRules(),
            conditions
        )
    }

    private static func changed(_ outcome: SCIMOutcome) -> StoredResource? {
        guard case .changed(let resource, _, _) = outcome else { return nil }
        return resource
    }

    private func create(_ name: String, by asker: Asker, extra: [AttributeName: String] = [:]) async throws
        -> StoredResource
    {
        let outcome = try await engine.perform(.create(Self.user(name, extra)), asker, in: store, now: now)
        guard case .created(let resource) = outcome else { throw UnexpectedOutcome() }
        return resource
    }

    private func importUnmanaged(_ name: String, locale: String) async throws -> StoredResource {
        let resource = try Validation.validate(Self.user(name, ["locale": locale]), set: .learner)
        let creation = Creation(
            resource: resource,
            id: ResourceID("imported"),
            targetGroup: nil,
            now: now,
            isManaged: false,
            associating: nil
        )
        return try await store.create(creation, for: .nobody).resource
    }

    private struct UnexpectedOutcome: Error {}
}

/// The SCIM error that work ends with; nil when it is done.
func refusal(_ work: () async throws -> some Any) async -> SCIMError? {
    do {
        _ = try await work()
        return nil
    } catch EngineError.refused(let error) {
        return error
    } catch {
        Issue.record("unexpected \(error)")
        return nil
    }
}
