import Configuration
import Foundation
package import Tenancy
package import Testing

/// A folder with settings of a commercial and a gcc-high profile, and a copy of the FIPS module for tests, which may be
/// damaged.
package struct FIPSFolder {
    private let folder: URL

    /// The module that `deploy/fips-module` built, when it did.
    package static let moduleFile = ProcessInfo.processInfo.environment["FIPS_MODULE_CONFIG"]

    /// Tests that need it run only with it.
    package static let needsModule = ConditionTrait.enabled(
        if: moduleFile != nil,
        "there is no FIPS module: deploy/fips-module builds one, deploy/test sets FIPS_MODULE_CONFIG"
    )

    /// What lies in the folder as a module.
    package enum Module: Sendable {
        /// Nothing: the file that the settings name is not there.
        case none
        /// The module for tests.
        case whole
        /// The same with one bit flipped, in text that nothing computes with.
        case flipped
    }

    /// Makes the folder.
    package init(_ module: Module) throws {
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
    package func settings(_ profiles: String, listeners: [String] = ["commercial", "gcc-high"]) throws
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

    /// Takes the folder away.
    package func remove() {
        #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) }
    }
}
