import CloudProfiles
import Crypto
import Foundation
import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

/// A data root in a temporary folder, with its engine.
struct DataRoot: Sendable {
    /// The folder.
    let path: String
    /// The engine over it.
    let engine: SQLiteEngine

    /// As the commercial profile keeps what happened.
    static let keeping = Result {
        let library = try LibraryContext(name: "commercial")
        return ActivityKeeping(
            digest: { library.sha256($0) },
            names: NameHashing(
                mac: { library.hmacSHA256(key: $0).code },
                makeKey: { library.randomBytes(32) }
            ),
            now: { Timestamp(milliseconds: 1_764_000_000_250) }
        )
    }

    /// Opens a tenant's store.
    func openTenant(_ name: String) async throws -> SQLiteTenantStore {
        let store = try await engine.openTenant(.init(name), .commercial, Self.keeping.get())
        return try #require(store as? SQLiteTenantStore)
    }

    /// Where a tenant's file is.
    func file(_ name: String) -> String { "\(path)/commercial/tenants/\(name).sqlite" }
}

/// Runs a test on a data root of its own, and takes it away afterwards.
func withDataRoot(
    limits: SQLiteLimits = .standard,
    now: @escaping MonotonicClock = { ContinuousClock.now },
    _ body: (DataRoot) async throws -> Void
) async throws {
    let path = NSTemporaryDirectory() + "scim-gateway-" + UUID().uuidString
    let engine = SQLiteEngine(directory: path, limits: limits, now: now)
    do {
        try await body(DataRoot(path: path, engine: engine))
    } catch {
        try await engine.stop()
        try FileManager.default.removeItem(atPath: path)
        throw error
    }
    try await engine.stop()
    try FileManager.default.removeItem(atPath: path)
}
