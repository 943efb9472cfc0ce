import CloudProfiles
import Crypto
import Dialects
import Foundation
import GatewayTesting
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import SCIM
import SQLiteStore
import Sharing
import Store
import Testing

@testable import Gateway
@testable import Tenancy

/// Two tenants with one connection each, over real SQLite files, without sockets.
struct TestGateway: Sendable {
    /// The token of the first tenant's connection.
    let token: AccessToken
    /// The token of the other tenant's connection.
    let neighbour: AccessToken
    let runtime: ProfileRuntime
    private let exchange: Exchange
    private let contoso: Tenant
    private let northwind: Tenant

    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    static let library = Result { try LibraryContext(name: "test") }

    static let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_700_000_000_000) }

    init(
        engine: SQLiteEngine,
        dialect: Dialect.Name,
        attributes: AttributeSet,
        allowFrom: AllowedSources,
        limits: TenantLimits,
        turns: Turns,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) async throws {
        let library = try Self.library.get()
        contoso = Tenant.ofOneConnection("contoso", dialect, attributes, allowFrom, limits)
        northwind = Tenant.ofOneConnection("northwind", dialect, attributes, allowFrom, limits)
        token = AccessToken.generate(in: library)
        neighbour = AccessToken.generate(in: library)
        let cell = DirectoryCell(.empty(.commercial))
        let stores = TenantStores(
            capacity: 2,
            makingIDs: { _ in ResourceID(library.randomUUID()) },
            now: Self.now,
            opening: { tenant, profile throws(StoreError) in
                let keeping = ActivityKeeping(.named(profile), in: library, now: now)
                return try await engine.openTenant(tenant, profile, keeping)
            }
        )
        runtime = ProfileRuntime(
            profile: .named(.commercial),
            library: library,
            stores: stores,
            control: try await engine.openControl(.commercial),
            directory: cell,
            turns: turns,
            now: now
        )
        exchange = Self.listener("scim.example", of: runtime, logger)
        serve(revoked: nil)
    }

    /// What answers at a host, without a socket.
    static func listener(_ host: String, of runtime: ProfileRuntime, _ logger: Logger = .silent) -> Exchange {
        Exchange(
            profile: runtime,
            address: PublicAddress(publicURL: "https://\(host)", hosts: [host]),
            log: RequestLog(logger: logger)
        )
    }

    /// Ends the first tenant's token.
    func revoke() {
        serve(revoked: Self.now())
    }

    private func serve(revoked: Timestamp?) {
        let entries = [
            (token, entry(of: contoso, token, revoked: revoked)),
            (neighbour, entry(of: northwind, neighbour, revoked: nil)),
        ]
        runtime.serve(
            TenantDirectory(
                profile: .named(.commercial),
                generation: 1,
                tenants: [contoso.id: contoso, northwind.id: northwind],
                tokens: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $1) })
            )
        )
    }

    private func entry(of tenant: Tenant, _ token: AccessToken, revoked: Timestamp?) -> TenantDirectory.Entry
    {
        let record = TokenRecord(
            id: token.id,
            digest: token.digest(in: runtime.library),
            tenant: tenant.id,
            connection: tenant.connections[0].id,
            created: nil,
            expires: nil,
            revoked: revoked,
            origin: .file
        )
        return TenantDirectory.Entry(record: record, tenant: tenant, connection: tenant.connections[0])
    }

    func close() async {
        await runtime.stores.closeAll()
        await runtime.control.close()
    }

    /// Sends a request without a body, or with one that is pulled.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        token: String? = nil,
        host: String = "scim.example",
        base: String = "/scim/v2",
        fields: HTTPFields = [:],
        body: String? = nil,
        pull: IncomingRequest.Pull? = nil,
        through exchange: Exchange? = nil,
        from address: String = "127.0.0.1"
    ) async -> Reply {
        var head = HTTPRequest(method: method, scheme: "https", authority: host, path: base + path)
        head.headerFields = fields
        head.headerFields[.authorization] = "Bearer \(token ?? self.token.text)"
        let request =
            if let body {
                IncomingRequest(head: head, body: ByteBuffer(string: body))
            } else {
                IncomingRequest(head: head, version: "1.1", pull: pull)
            }
        return await (exchange ?? self.exchange).respond(to: request, from: Peer(address: address))
    }

    /// Makes a learner; gives the id.
    func create(_ userName: String, token: String? = nil) async throws -> String {
        let reply = await send(
            .post,
            "/Users",
            token: token,
            body: #"{"schemas":[],"userName":"\#(userName)"}"#
        )
        let json = try JSONReader.read(Array(reply.text.utf8).span)
        guard case .object(let object) = json, case .string(let id)? = object["id"] else {
            Issue.record("no id in \(reply.text)")
            return ""
        }
        return id
    }
}

extension Tenant {
    /// A tenant with one group, and one connection of that manner.
    ///
    /// A full connection has no target group: its client fills the groups.
    fileprivate static func ofOneConnection(
        _ id: String,
        _ dialect: Dialect.Name,
        _ attributes: AttributeSet,
        _ allowFrom: AllowedSources,
        _ limits: TenantLimits
    ) -> Tenant {
        let group = TargetGroup(id: TargetGroup.ID("staff"), displayName: "Staff")
        let connection = Connection(
            id: Connection.ID("hr"),
            displayName: "HR",
            group: attributes == .learner ? group.id : nil,
            dialect: .named(dialect),
            attributes: attributes,
            origin: .file,
            allowFrom: allowFrom
        )
        return Tenant(
            id: Tenant.ID(id),
            displayName: id,
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: attributes == .learner ? [group] : [],
            connections: [connection],
            deletedRetention: .seconds(60),
            limits: limits
        )
    }
}

/// Runs a test against a gateway whose files are removed afterwards.
func withGateway(
    dialect: Dialect.Name = .entra,
    attributes: AttributeSet = .learner,
    allowFrom: AllowedSources = .any,
    limits: TenantLimits = TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2)),
    storeLimits: SQLiteLimits = .standard,
    turnLimits: TurnLimits = TurnLimits(),
    clock: some Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp = TestGateway.now,
    logger: Logger = .silent,
    _ test: (TestGateway) async throws -> Void
) async throws {
    await GatewayPlaces.shared.take()
    defer { GatewayPlaces.shared.give() }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gateway-\(UUID().uuidString)")
        .path
    let engine = SQLiteEngine(directory: folder, limits: storeLimits)
    let gateway = try await TestGateway(
        engine: engine,
        dialect: dialect,
        attributes: attributes,
        allowFrom: allowFrom,
        limits: limits,
        turns: Turns(limits: turnLimits, clock: clock),
        now: now,
        logger: logger
    )
    do {
        try await test(gateway)
    } catch {
        await gateway.close()
        throw error
    }
    await gateway.close()
    try await engine.stop()
    try FileManager.default.removeItem(atPath: folder)
}
