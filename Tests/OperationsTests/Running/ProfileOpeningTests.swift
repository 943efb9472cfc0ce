import CloudProfiles
import Configuration
import Crypto
import Foundation
import GatewayTesting
import Logging
import Readiness
import SQLiteStore
import Store
import Synchronization
import Testing

@testable import Gateway
@testable import Operations
@testable import Tenancy

@Suite("Opening profiles whose FIPS demand is met, or not")
struct ProfileOpeningTests {
    @Test func `a profile without its module is not opened, while the others are`() async throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }

        try await folder.withCore(folder.settings(Self.required)) { core in
            #expect(core.runtimes.map(\.profile.name) == [.commercial])
            #expect(core.notMet.map(\.profile) == [.gccHigh])
            #expect(core.notMet.map(\.isServed) == [false])
            let status = core.status().profiles
            #expect(status.map(\.profile) == ["commercial", "gcc-high"])
            #expect(status.map(\.isServed) == [true, false])
            #expect(status[0].notMet.isEmpty)
            #expect(status[1].notMet.first?.hasPrefix("profile gcc-high is not served: ") == true)
        }
    }

    @Test func `when no profile is left, nothing is opened and each is told`() async throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let settings = try folder.settings(Self.required, listeners: ["gcc-high", "dod"])

        let problem = await #expect(throws: ConfigurationProblem.self) {
            try await folder.withCore(settings) { _ in }
        }

        let lines = problem?.lines ?? []
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("error: profile gcc-high is not served: ") == true)
        #expect(lines.last == "error: no profile is left to serve")
    }

    @Test func `a loosened profile is open, and no other profile is said to be loosened`() async throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let settings = try folder.settings(
            "gcc-high: {fips: off, fips_off_reason: a reason}",
            listeners: ["gcc", "gcc-high"]
        )

        try await folder.withCore(settings) { core in
            let status = core.status().profiles
            #expect(status.map(\.profile) == ["gcc", "gcc-high"])
            #expect(status[0].notMet.isEmpty)
            #expect(status[1].isServed)
            #expect(status[1].notMet.first?.contains("NOT MET: FIPS (") == true)
        }
    }

    @Test(FIPSFolder.needsModule)
    func `one process holds a profile in the module beside one in ordinary algorithms`()
        async throws
    {
        let folder = try FIPSFolder(.whole)
        defer { folder.remove() }

        try await folder.withCore(folder.settings(Self.required)) { core in
            #expect(core.notMet.isEmpty)
            let libraries = Dictionary(
                uniqueKeysWithValues: core.runtimes.map { ($0.profile.name, $0.library) }
            )
            #expect(libraries[.gccHigh]?.provider(of: .cipher("AES-256-GCM")) == "fips")
            #expect(libraries[.commercial]?.provider(of: .cipher("AES-256-GCM")) == "default")
            #expect(libraries[.commercial]?.provider(of: .cipher("ChaCha20-Poly1305")) == "default")
            let status = core.status().profiles
            #expect(status.map { $0.fips != nil } == [false, true])
            #expect(status[1].fips?.version.hasPrefix("3.") == true)
        }
    }

    @Test(FIPSFolder.needsModule)
    func `one flipped bit of the module keeps its profile shut, while the other opens`()
        async throws
    {
        let folder = try FIPSFolder(.flipped)
        defer { folder.remove() }

        try await folder.withCore(folder.settings(Self.required)) { core in
            #expect(core.runtimes.map(\.profile.name) == [.commercial])
            #expect(core.notMet.first?.reason.contains("self-test failed: Module_Integrity of HMAC") == true)
        }
    }

    @Test(FIPSFolder.needsModule) func `the log tells the module, its version and each self-test`()
        async throws
    {
        let folder = try FIPSFolder(.whole)
        defer { folder.remove() }
        let kept = KeptEvents()

        try await folder.withCore(folder.settings(Self.required)) { $0.tellEvidence(kept.logger) }

        let active = kept.lines.withLock { $0.filter { $0["event"] == "fips.active" } }
        let tests = kept.lines.withLock { $0.filter { $0["event"] == "fips.self_test" } }
        #expect(active.count == 1)
        #expect(active.first?["level"] == "notice")
        #expect(active.first?["scim.profile"] == "gcc-high")
        #expect(active.first?["fips.version"]?.hasPrefix("3.") == true)
        #expect(active.first?["fips.self_tests"] == "\(tests.count)")
        #expect(tests.count >= 20)
        #expect(tests.allSatisfy { $0["level"] == "debug" })
        #expect(tests.contains { $0["fips.test"] == "KAT_Cipher AES_GCM" })
    }

    @Test func `the log shouts what is not met, with the profile`() async throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let kept = KeptEvents()

        try await folder.withCore(folder.settings(Self.required)) { $0.tellEvidence(kept.logger) }

        let lines = kept.lines.withLock { $0 }
        #expect(lines.map { $0["event"] } == ["profile.not_met"])
        #expect(lines.first?["level"] == "critical")
        #expect(lines.first?["scim.profile"] == "gcc-high")
    }

    private static let required = "gcc-high: {fips_config: fipsmodule.cnf}"
}

/// Level and metadata of lines, as text.
private final class KeptEvents: Sendable {
    let lines = Mutex<[[String: String]]>([])

    /// A logger whose lines are kept here.
    var logger: Logger { Logger(label: "test") { _ in Handler(kept: self) } }

    private struct Handler: LogHandler {
        let kept: KeptEvents
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var line = (event.metadata ?? [:]).mapValues(\.description)
            line["level"] = event.level.rawValue
            kept.lines.withLock { $0.append(line) }
        }
    }
}

extension FIPSFolder {
    /// Opens the profiles of settings as an offline command does, and closes them after the work.
    fileprivate func withCore(_ settings: GatewaySettings, _ work: (GatewayCore) throws -> Void) async throws
    {
        let engine = SQLiteEngine(directory: settings.storage.directory)
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
}
