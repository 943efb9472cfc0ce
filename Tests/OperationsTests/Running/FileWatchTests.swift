import Foundation
import GatewayTesting
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("The watch of files")
struct FileWatchTests {
    private static let three = ["acme", "bolt", "corp"]

    @Test func `a change is taken up once nothing has happened for a while`() async throws {
        try await withWatch { folder, watch in
            try folder.write("acme", Self.paused("acme"))

            #expect(await watch.asked(1) == 0)
            #expect(await watch.asked(1) == 1)
            #expect(folder.status(of: "acme") == .paused)
            #expect(await watch.asked(5) == 1)
        }
    }

    @Test func `several writes become one reload, and writing without end does not put it off for ever`()
        async throws
    {
        try await withWatch { folder, watch in
            for count in 1..<FileWatch.patience {
                try folder.write("acme", Self.paused("acme") + "\n# \(count)")
                #expect(await watch.asked(1) == 0)
            }
            try folder.write("bolt", Self.paused("bolt"))

            #expect(await watch.asked(1) == 1)
            #expect(folder.status(of: "acme") == .paused && folder.status(of: "bolt") == .paused)
        }
    }

    @Test func `new times, and files that are nobody's, change nothing`() async throws {
        try await withWatch { folder, watch in
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 0)],
                ofItemAtPath: "\(folder.folder)/tenants/acme.yaml"
            )
            try folder.write("acme", DeskFolder.tenantText("acme"))
            try folder.write(".acme.yaml.swp", "x")
            try folder.write("_draft", "x")

            #expect(await watch.asked(4) == 0)
        }
    }

    @Test func `a removed file and a new one are seen, and a file that goes bad is told once`() async throws {
        try await withWatch { folder, watch in
            try folder.remove("corp")
            try folder.write("dawn", DeskFolder.tenantText("dawn"))
            #expect(await watch.asked(2) == 1)
            #expect(folder.served == ["acme", "bolt", "dawn"])

            try folder.write("acme", "x")
            #expect(await watch.asked(6) == 2)
            #expect(folder.served == ["acme", "bolt", "dawn"])
        }
    }

    @Test func `the swap of a Kubernetes volume is seen, again and again`() async throws {
        let volume = try Volume(Self.three)
        defer { volume.remove() }
        try await withWatch(settings: volume.settings) { folder, watch in
            for (count, paused) in [["acme"], ["acme", "bolt"], []].enumerated() {
                try volume.swap(to: Self.three, paused: Set(paused))

                #expect(await watch.asked(2) == count + 1)
                #expect(Self.three.filter { folder.status(of: $0) == .paused } == paused)
                #expect(await watch.asked(4) == count + 1)
            }
        }
    }

    @Test func `a folder that is moved away and comes back takes nobody down`() async throws {
        try await withWatch { folder, watch in
            let (tenants, away) = ("\(folder.folder)/tenants", "\(folder.folder)/away")
            try FileManager.default.moveItem(atPath: tenants, toPath: away)
            #expect(await watch.asked(4) == 1)
            #expect(folder.served == Self.three)

            try FileManager.default.moveItem(atPath: away, toPath: tenants)
            #expect(await watch.asked(4) == 2)
            try folder.write("acme", Self.paused("acme"))
            #expect(await watch.asked(3) == 3)
            #expect(folder.status(of: "acme") == .paused)
        }
    }

    @Test func `a value that is elsewhere is watched, too, from the reload on that names it`() async throws {
        try await withWatch { folder, watch in
            let value = "\(folder.folder)/elsewhere/status"
            try FileManager.default.createDirectory(
                atPath: "\(folder.folder)/elsewhere",
                withIntermediateDirectories: true
            )
            try "active\n".write(toFile: value, atomically: true, encoding: .utf8)
            try folder.write("acme", DeskFolder.tenantText("acme", more: "status: ${file:\(value)}"))
            #expect(await watch.asked(3) == 1)

            try "paused\n".write(toFile: value, atomically: true, encoding: .utf8)

            #expect(await watch.asked(2) == 2)
            #expect(folder.status(of: "acme") == .paused)
        }
    }

    @Test func `a change that no event tells of is seen when the files are looked at anyway`() async throws {
        try await withWatch { folder, watch in
            // A file that is written and not closed.
            let file = try #require(FileHandle(forWritingAtPath: "\(folder.folder)/tenants/acme.yaml"))
            try file.seekToEnd()
            try file.write(contentsOf: Data("\nstatus: paused\n".utf8))

            #expect(await watch.asked(FileWatch.questionsBetweenLooks - 1) == 0)
            #expect(await watch.asked(1) == 1)
            #expect(folder.status(of: "acme") == .paused)
            try file.close()
        }
    }

    @Test func `nothing is taken up while the settings do not want it`() async throws {
        let off = DeskFolder.settingsText.replacing("{directory: tenants}", with: "{watch: false}")
        try await withWatch(settings: off) { folder, watch in
            try folder.write("acme", Self.paused("acme"))
            try folder.writeSettings(DeskFolder.settingsText)
            #expect(await watch.asked(FileWatch.questionsBetweenLooks + 1) == 0)

            _ = await folder.core.reload()
            #expect(await watch.asked(1) == 1)
            try folder.write("bolt", Self.paused("bolt"))

            #expect(await watch.asked(2) == 2)
            #expect(folder.status(of: "bolt") == .paused)
        }
    }

    private static func paused(_ name: String) -> String {
        DeskFolder.tenantText(name, more: "status: paused")
    }

    private func withWatch(
        settings: String = DeskFolder.settingsText,
        _ body: (DeskFolder, Questions) async throws -> Void
    ) async throws {
        let texts = Self.three.map { ($0, DeskFolder.tenantText($0)) }
        try await withDesk(tenants: Dictionary(uniqueKeysWithValues: texts), settings: settings) { folder in
            let watch = Questions(folder.core)
            // The first one begins to watch, and finds all as it was read.
            #expect(await watch.asked(1) == 0)
            try await body(folder, watch)
        }
    }
}

/// A watch whose clock is the test.
private final class Questions {
    private let core: GatewayCore
    private var rounds: FileWatch.Rounds

    init(_ core: GatewayCore) {
        self.core = core
        rounds = FileWatch.Rounds(core: core, logger: .silent)
    }

    /// Lets it ask that often; gives the reloads so far.
    func asked(_ times: Int) async -> Int {
        for _ in 0..<times { await rounds.next() }
        return core.reloadCount
    }
}

/// A folder as a Kubernetes ConfigMap fills it: files that are links through `..data`, which is one itself.
private struct Volume {
    private let path = NSTemporaryDirectory() + "volume-" + UUID().uuidString

    /// Settings whose tenants are in there.
    var settings: String {
        DeskFolder.settingsText.replacing("directory: tenants", with: "directory: '\(path)'")
    }

    init(_ names: [String]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try swap(to: names, paused: [])
        for name in names {
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(name).yaml",
                withDestinationPath: "..data/\(name).yaml"
            )
        }
    }

    func remove() {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Puts other files in the place of all, by the renaming of one link; what was there before is removed.
    func swap(to names: [String], paused: Set<String>) throws {
        let files = FileManager.default
        // There is none at the first time.
        let old = try? files.destinationOfSymbolicLink(atPath: "\(path)/..data")
        let new = "..\(UUID().uuidString)"
        try files.createDirectory(atPath: "\(path)/\(new)", withIntermediateDirectories: true)
        for name in names {
            let more = paused.contains(name) ? "status: paused" : ""
            try DeskFolder.tenantText(name, more: more)
                .write(toFile: "\(path)/\(new)/\(name).yaml", atomically: false, encoding: .utf8)
        }
        try files.createSymbolicLink(atPath: "\(path)/..data_tmp", withDestinationPath: new)
        guard unsafe rename("\(path)/..data_tmp", "\(path)/..data") == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
        if let old { try files.removeItem(atPath: "\(path)/\(old)") }
    }
}

extension DeskFolder {
    /// The tenants of the commercial cloud that are served.
    fileprivate var served: [String] { runtime.directory.tenants.keys.map(\.text).sorted() }

    fileprivate func status(of tenant: String) -> Tenant.Status? {
        runtime.directory.tenants[Tenant.ID(tenant)]?.status
    }
}
