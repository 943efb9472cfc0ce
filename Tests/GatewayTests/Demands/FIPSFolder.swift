import Configuration
import Foundation
import SQLiteStore
import Store
import Testing

@testable import Gateway
@testable import Tenancy

/// A folder with settings of a commercial and a gcc-high profile, and a copy of the FIPS module for tests, which may be
/// damaged.
struct FIPSFolder {
    private let folder: URL

    /// The module that `deploy/fips-module` built, when it did.
    static let moduleFile = ProcessInfo.processInfo.environment["FIPS_MODULE_CONFIG"]

    /// Tests that need it run only with it.
    static let needsModule = ConditionTrait.enabled(
        if: moduleFile != nil,
        "there is no FIPS module: deploy/fips-module builds one, deploy/test sets FIPS_MODULE_CONFIG"
    )

    /// What lies in the folder as a module.
    enum Module: Sendable {
        /// Nothing: the file that the settings name is not there.
        case none
        /// The module for tests.
        case whole
        /// The same with one bit flipped, in text that nothing computes with.
        case flipped
    }

    /// Makes the folder.
    init(_ module: Module) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("fips-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if module == .none { return }
        let source = URL(fileURLWithPath: try #require(Self.moduleFile))
        try FileManager.default.copyItem(at: source, to: folder.appendingPathComponent("fipsmodule.cnf"))
        var bytes = try Data(contentsOf: source.deletingLastPathComponent().appendingPathComponent("fips.so"))
        if module == .flipped {
            let text = try #require(bytes.firstRange(of: Data("OpenSSL FIPS Provider".utf8)))
            bytes[text.lowerBound] ^= 1
        }
        try bytes.write(to: folder.appendingPathComponent("fips.so"))
    }

    /// Settings with these lines about profiles; a line of a profile is line 14 of the file.
    func settings(_ profiles: String, listeners: [String] = ["commercial", "gcc-high"]) throws
        -> GatewaySettings
    {
        let text = """
            version: 1
            tenants: {directory: tenants}
            storage: {engine: sqlite, directory: data}
            listeners:
            \(listeners.map(listener).joined(separator: "\n"))
            profiles:
              \(profiles)
            """
        let checked = GatewaySettings.read(Array(text.utf8), path: "\(folder.path)/gateway.yaml")
        return try #require(checked.value, "\(checked.findings.map(\.description))")
    }

    private func listener(_ profile: String) -> String {
        """
          - profile: \(profile)
            address: 127.0.0.1:0
            public_url: https://\(profile).example
            certificate: nowhere.pem\n    key: nowhere.key
        """
    }

    /// Opens the profiles of settings as an offline command does, and closes them after the work.
    func withCore(_ settings: GatewaySettings, _ work: (GatewayCore) throws -> Void) async throws {
        let engine = SQLiteEngine(directory: settings.storage.directory)
        let making = StoreMaking(
            tenant: { tenant, profile, keeping throws(StoreError) in
                try await engine.openTenant(tenant, profile, keeping)
            },
            control: { profile throws(StoreError) in try await engine.openControl(profile) },
            existing: { _ in [] },
            files: { tenant, profile in engine.files(of: tenant, profile) },
            remove: { tenant, profile throws(StoreError) in try await engine.remove(tenant, profile) },
            isFile: { FileManager.default.fileExists(atPath: $0) }
        )
        do {
            let core = try await GatewayCore.open(settings, making: making, purpose: .offline)
            do {
                try work(core)
            } catch {
                await core.close()
                throw error
            }
            await core.close()
        } catch {
            try await engine.stop()
            throw error
        }
        try await engine.stop()
    }

    func remove() {
        #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) }
    }
}
