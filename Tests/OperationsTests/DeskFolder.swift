import CloudProfiles
import Configuration
import Foundation
import GatewayTesting
import HTTPTransport
import HTTPTypes
import NIOCore
import SCIM
import SQLiteStore
import Store
import Synchronization
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

/// An operator's desk over profiles in a folder of its own: files, control databases, and a clock in the test's hand.
struct DeskFolder: Sendable {
    let core: GatewayCore
    let clock: HandTime
    let folder: String

    var desk: OperatorDesk { OperatorDesk(core: core, actor: "uid:0") }

    /// The runtime of the commercial cloud.
    var runtime: ProfileRuntime { core.runtimes[0] }

    init(core: GatewayCore, clock: HandTime, folder: String) {
        self.core = core
        self.clock = clock
        self.folder = folder
    }

    /// Writes a tenant's file; it counts from the next reload on.
    func write(_ tenant: String, _ text: String) throws {
        try text.write(toFile: "\(folder)/tenants/\(tenant).yaml", atomically: true, encoding: .utf8)
    }

    /// Writes the settings file; it counts from the next reload on.
    func writeSettings(_ text: String) throws {
        try text.write(toFile: "\(folder)/gateway.yaml", atomically: true, encoding: .utf8)
    }

    /// Takes a tenant's file away; that counts from the next reload on.
    func remove(_ tenant: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder)/tenants/\(tenant).yaml")
    }

    /// Makes a learner through a connection of the commercial cloud; gives the status.
    func post(_ userName: String, token: String, from address: String = "127.0.0.1") async -> Int {
        let body = #"{"schemas":[],"userName":"\#(userName)"}"#
        return await send(.post, "/Users", body, token: token, from: address).status.code
    }

    /// Sends a request through a connection of the commercial cloud.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String = "",
        token: String,
        from address: String = "127.0.0.1"
    ) async -> Reply {
        var head = HTTPRequest(
            method: method,
            scheme: "https",
            authority: "scim.example",
            path: "/scim/v2" + path
        )
        head.headerFields = [.authorization: "Bearer \(token)", .contentType: "application/scim+json"]
        let exchange = Exchange(
            profile: runtime,
            address: PublicAddress(publicURL: "https://scim.example", hosts: ["scim.example"]),
            log: RequestLog(logger: .silent)
        ).counting(in: core.tallies)
        return await exchange.respond(
            to: IncomingRequest(head: head, body: ByteBuffer(string: body)),
            from: Peer(address: address)
        )
    }

    /// Where a tenant's store is.
    func store(of tenant: String, _ profile: String = "commercial") -> String {
        "\(folder)/data/\(profile)/tenants/\(tenant).sqlite"
    }

    /// A folder that is not there yet.
    func fresh(_ name: String) -> String { "\(folder)/\(name)" }

    /// The tenants that have a store.
    static func stores(in folder: String, _ profile: CloudProfile.Name) -> [Tenant.ID] {
        // A folder that is not there yet holds no store.
        let names =
            (try? FileManager.default.contentsOfDirectory(
                atPath: "\(folder)/data/\(profile.rawValue)/tenants"
            )) ?? []
        return names.filter { $0.hasSuffix(".sqlite") }.map {
            Tenant.ID(String($0.dropLast(".sqlite".count)))
        }
    }

    /// Uses a token as a request does.
    func use(_ id: String, at moment: Timestamp? = nil) throws {
        let life = try #require(AccessToken.ID(id).flatMap { runtime.directory.token($0)?.life })
        _ = life.use.note(at: moment ?? clock.now, from: nil, client: "test/1")
    }

    /// The row of a token in the list.
    func row(_ id: String) async throws -> AdminMessages.TokenRow {
        try #require(await desk.tokens(of: nil).first { $0.tokenID == id })
    }

    /// A tenant file with the groups staff and branch, and a connection to the first.
    static func tenantText(
        _ name: String,
        profile: String = "commercial",
        more: String = "",
        connectionMore: String = ""
    ) -> String {
        """
        version: 1
        tenant: \(name)
        profile: \(profile)
        groups:
          - {id: staff, display_name: Staff}
          - {id: branch, display_name: Branch}
        connections:
          - id: staff
            group: staff
            dialect: entra
        \(connectionMore)
        \(more)
        """
    }

    static let settingsText = """
        version: 1
        tenants: {directory: tenants}
        storage: {engine: sqlite, directory: data}
        listeners:
          - {profile: commercial, address: "127.0.0.1:0", public_url: https://scim.example, certificate: a.pem, key: a.key}
          - {profile: gcc-high, address: "127.0.0.1:0", public_url: https://gov.example, certificate: b.pem, key: b.key}
        profiles:
          gcc-high: {fips: off, fips_off_reason: test}
        """
}

/// A wall clock that is set by hand.
final class HandTime: Sendable {
    private let moment = Mutex(Timestamp(milliseconds: 1_795_435_200_000))

    var now: Timestamp { moment.withLock { $0 } }

    func advance(milliseconds: Int64) {
        moment.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }

    func advance(days: Int64) { advance(milliseconds: days * Timestamp.dayMilliseconds) }
}

/// Runs a test at a desk with the tenants acme (commercial) and agency (GCC High), and takes everything away afterwards.
func withDesk(
    tenants: [String: String] = [
        "acme": DeskFolder.tenantText("acme"), "agency": DeskFolder.tenantText("agency", profile: "gcc-high"),
    ],
    settings: String = DeskFolder.settingsText,
    _ body: (DeskFolder) async throws -> Void
) async throws {
    await GatewayPlaces.shared.take()
    defer { GatewayPlaces.shared.give() }
    let folder = NSTemporaryDirectory() + "desk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/tenants", withIntermediateDirectories: true)
    for (name, text) in tenants {
        try text.write(toFile: "\(folder)/tenants/\(name).yaml", atomically: true, encoding: .utf8)
    }
    try settings.write(toFile: folder + "/gateway.yaml", atomically: true, encoding: .utf8)
    let checked = GatewaySettings.read(path: folder + "/gateway.yaml", files: DiskFileReader())
    let settings = try #require(checked.value, "\(checked.findings.map(\.description))")
    let engine = SQLiteEngine(directory: settings.storage.directory)
    let making = StoreMaking(
        backend: "sqlite",
        tenant: { tenant, profile, keeping throws(StoreError) in
            try await engine.openTenant(tenant, profile, keeping)
        },
        control: { profile throws(StoreError) in try await engine.openControl(profile) },
        existing: { profile in DeskFolder.stores(in: folder, profile) },
        files: { tenant, profile in engine.files(of: tenant, profile) },
        remove: { tenant, profile throws(StoreError) in try await engine.remove(tenant, profile) },
        isFile: { FileManager.default.fileExists(atPath: $0) }
    )
    let clock = HandTime()
    let core = try await GatewayCore.open(settings, making: making, purpose: .offline, now: { clock.now })
    do {
        try await body(DeskFolder(core: core, clock: clock, folder: folder))
    } catch {
        await core.close()
        throw error
    }
    await core.close()
    try await engine.stop()
    try FileManager.default.removeItem(atPath: folder)
}
