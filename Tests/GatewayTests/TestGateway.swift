import CloudProfiles
import Crypto
import Dialects
import Foundation
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import SCIM
import SQLiteStore
import Store
import Testing

@testable import Gateway
@testable import Tenancy

/// One tenant with one learner connection over a real SQLite file, without sockets.
struct TestGateway: Sendable {
    let token: AccessToken
    private let exchange: Exchange
    private let runtime: ProfileRuntime
    private let tenant: Tenant

    static let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_700_000_000_000) }

    init(engine: SQLiteEngine, now: @escaping @Sendable () -> Timestamp = Self.now) async throws {
        let library = try LibraryContext(name: "test")
        let group = TargetGroup(id: TargetGroup.ID("staff"), displayName: "Staff")
        let connection = Connection(
            id: Connection.ID("hr"),
            displayName: "HR",
            group: group.id,
            dialect: .named(.entra),
            attributes: .learner,
            origin: .file
        )
        tenant = Tenant(
            id: Tenant.ID("contoso"),
            displayName: "Contoso",
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: [group],
            connections: [connection],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        )
        token = AccessToken.generate(in: library)
        let cell = DirectoryCell(.empty(.commercial))
        let stores = TenantStores(
            capacity: 2,
            makingIDs: { _ in ResourceID(library.randomUUID()) },
            now: Self.now,
            opening: { tenant, profile throws(StoreError) in try await engine.openTenant(tenant, profile) }
        )
        runtime = ProfileRuntime(
            profile: .named(.commercial),
            library: library,
            stores: stores,
            control: try await engine.openControl(.commercial),
            directory: cell,
            clock: ContinuousClock(),
            now: now
        )
        exchange = Exchange(
            profile: runtime,
            address: PublicAddress(publicURL: "https://scim.example", hosts: ["scim.example"]),
            log: RequestLog(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        )
        serve(revoked: nil)
    }

    /// Ends the token.
    func revoke() {
        serve(revoked: Self.now())
    }

    private func serve(revoked: Timestamp?) {
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
        runtime.serve(
            TenantDirectory(
                profile: .named(.commercial),
                generation: 1,
                tenants: [tenant.id: tenant],
                tokens: [token.id: .init(record: record, tenant: tenant, connection: tenant.connections[0])]
            )
        )
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
        body: String? = nil,
        pull: IncomingRequest.Pull? = nil
    ) async -> Reply {
        var head = HTTPRequest(method: method, scheme: "https", authority: host, path: "/scim/v2" + path)
        head.headerFields[.authorization] = "Bearer \(token ?? self.token.text)"
        let request =
            if let body {
                IncomingRequest(head: head, body: ByteBuffer(string: body))
            } else {
                IncomingRequest(head: head, version: "1.1", pull: pull)
            }
        return await exchange.respond(to: request, from: Peer(address: "127.0.0.1"))
    }

    /// Makes a learner; gives the id.
    func create(_ userName: String) async throws -> String {
        let reply = await send(.post, "/Users", body: #"{"schemas":[],"userName":"\#(userName)"}"#)
        let json = try JSONReader.read(Array(reply.text.utf8).span)
        guard case .object(let object) = json, case .string(let id)? = object["id"] else {
            Issue.record("no id in \(reply.text)")
            return ""
        }
        return id
    }
}

/// Runs a test against a gateway whose files are removed afterwards.
func withGateway(
    limits: SQLiteLimits = .standard,
    now: @escaping @Sendable () -> Timestamp = TestGateway.now,
    _ test: (TestGateway) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gateway-\(UUID().uuidString)")
        .path
    let engine = SQLiteEngine(directory: folder, limits: limits)
    let gateway = try await TestGateway(engine: engine, now: now)
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
