import Configuration
import Foundation
import Gateway
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import Operations
import SQLiteStore
import Store
import Tenancy

/// One tenant with one full connection over a real SQLite file: what `serve` opens, without sockets.
struct BenchmarkGateway: Sendable {
    /// The tenant's store, for what does not come by request.
    let store: any TenantStore
    /// The connection that everything is done for.
    let viewer: Viewer
    private let folder: String
    private let engine: SQLiteEngine
    private let core: GatewayCore
    private let desk: OperatorDesk
    private let token: AdminMessages.MadeToken
    private let exchange: Exchange

    /// Opens the files in the folder; makes them when they are missing.
    ///
    /// The store's bounds are those of `serve` for all but ``Loading``.
    ///
    /// - Throws: ``BenchmarkFailure``, or what the gateway's own opening throws.
    static func open(in folder: String, limits: SQLiteLimits = .standard) async throws -> BenchmarkGateway {
        let read = GatewaySettings.read(path: try settingsFile(in: folder), files: DiskFileReader())
        guard let settings = read.value else {
            throw BenchmarkFailure("the settings are refused: \(read.findings)")
        }
        let engine = SQLiteEngine(directory: settings.storage.directory, limits: limits)
        let making = StoreMaking(
            backend: "sqlite",
            tenant: { tenant, profile, keeping throws(StoreError) in
                try await engine.openTenant(tenant, profile, keeping)
            },
            control: { profile throws(StoreError) in try await engine.openControl(profile) },
            existing: { _ in [] },
            files: { tenant, profile in engine.files(of: tenant, profile) },
            remove: { tenant, profile throws(StoreError) in try await engine.remove(tenant, profile) },
            isFile: { FileManager.default.fileExists(atPath: $0) }
        )
        let core = try await GatewayCore.open(settings, making: making, purpose: .offline)
        return try await BenchmarkGateway(folder: folder, engine: engine, core: core)
    }

    private init(folder: String, engine: SQLiteEngine, core: GatewayCore) async throws {
        guard let runtime = core.runtimes.first, let tenant = runtime.directory.tenants[Self.tenant],
            let connection = tenant.connections.first
        else { throw BenchmarkFailure("the tenant's file is refused: \(core.findings)") }
        self.folder = folder
        self.engine = engine
        self.core = core
        desk = OperatorDesk(core: core, actor: "benchmark")
        token = try await desk.createToken(
            .init(tenant: tenant.id.text, connection: connection.id.text, lifeSeconds: 86_400)
        )
        exchange = Exchange(
            profile: runtime,
            address: PublicAddress(publicURL: "https://\(Self.host)", hosts: [Self.host]),
            log: RequestLog(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
        )
        viewer = Viewer(connection: connection.id, attributeSet: connection.attributes)
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "benchmark")
        store = try await runtime.stores.store(for: scope)
    }

    /// A request of the connection, ready to be answered.
    func request(_ method: HTTPRequest.Method, _ path: String, body: String? = nil) -> IncomingRequest {
        var head = HTTPRequest(
            method: method,
            scheme: "https",
            authority: Self.host,
            path: "/scim/v2" + path,
            headerFields: [.authorization: "Bearer \(token.token)"]
        )
        guard let body else { return IncomingRequest(head: head, version: "1.1", pull: nil) }
        head.headerFields[.contentType] = "application/scim+json"
        return IncomingRequest(head: head, body: ByteBuffer(string: body))
    }

    /// The whole way of a request, from admission to the reply.
    func respond(to request: IncomingRequest) async -> Reply {
        await exchange.respond(to: request, from: Peer(address: "127.0.0.1"))
    }

    /// Writes what is pending and gives the files back.
    func close() async {
        // A token that stays is in the way of nothing: its gateway's folder is removed.
        _ = try? await desk.revokeToken(.init(token: token.tokenID))
        await core.close()
        // Threads that do not end now end with the process.
        try? await engine.stop()
    }

    /// The size of the tenant's database in KiB, its log included.
    func fileKiB() throws -> Int {
        let path = "\(folder)/data/commercial/tenants/\(Self.tenant).sqlite"
        let files = [path, path + "-wal"].filter { FileManager.default.fileExists(atPath: $0) }
        return try files.reduce(0) { sum, file in
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
            return sum + (size ?? 0) / 1_024
        }
    }

    private static let tenant = Tenant.ID("growing")
    private static let host = "scim.example"
}

// MARK: - The files

extension BenchmarkGateway {
    private static func settingsFile(in folder: String) throws -> String {
        let settings = "\(folder)/gateway.yaml"
        try FileManager.default.createDirectory(
            atPath: folder + "/tenants",
            withIntermediateDirectories: true
        )
        try write(
            """
            version: 1
            listeners:
              - profile: commercial
                address: 127.0.0.1:8443
                public_url: https://\(host)
                hosts: [\(host)]
                certificate: none.pem   # Nobody listens, so it is not read.
                key: none.key
            tenants: {directory: tenants}
            storage: {engine: sqlite, directory: data}
            admin: {socket: /none}   # Nor is this opened; below the folder it could be too long a path.
            limits: {requests_per_second: 1000000, burst: 1000000}
            """,
            to: settings
        )
        try write(
            """
            version: 1
            tenant: \(tenant)
            display_name: A tenant that grows
            profile: commercial
            connections:
              - {id: directory, display_name: Directory, dialect: entra, attributes: full}
            """,
            to: "\(folder)/tenants/\(tenant).yaml"
        )
        return settings
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}

/// A benchmark that cannot go on, or whose answers are not what they should be: its figures would mean nothing.
struct BenchmarkFailure: Error, Equatable, CustomStringConvertible {
    /// What went wrong.
    let description: String

    /// A failure told in these words.
    init(_ description: String) {
        self.description = description
    }
}
