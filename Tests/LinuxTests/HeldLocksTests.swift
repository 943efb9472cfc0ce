import Foundation
import Glibc
import Linux
import Testing

@Suite("Locks of data roots, found from their holders")
final class HeldLocksTests {
    private let folder = NSTemporaryDirectory() + "held-\(UUID().uuidString)"
    private var settings: String { folder + "/gateway.yaml" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func `a holder is found by its settings file, and by no other`() throws {
        let lock = try FileLock(path: folder + "/data/LOCK", adminSocket: "/run/a.sock", settings: settings)

        let found = HeldLocks.holder(startedWith: settings)

        #expect(found?.process == getpid() && found?.adminSocket == "/run/a.sock")
        #expect(HeldLocks.holder(startedWith: settings + "x") == nil)
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock that is given back is nobody's`() throws {
        do { _ = try FileLock(path: folder + "/data/LOCK", adminSocket: "/run/a.sock", settings: settings) }

        #expect(HeldLocks.holder(startedWith: settings) == nil)
    }

    @Test func `a file that only says so, and is not locked, is nobody's`() throws {
        let path = folder + "/data/LOCK"
        try "\(getpid())\n/run/a.sock\n\(settings)\n".write(toFile: path, atomically: false, encoding: .utf8)
        let open = try #require(FileHandle(forReadingAtPath: path))

        #expect(HeldLocks.holder(startedWith: settings) == nil)
        withExtendedLifetime(open) {}
    }

    @Test func `a file whose folder is reached by a link is the same, and one that is a link keeps its name`()
        throws
    {
        let link = folder + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder + "/data")
        let file = folder + "/data/gateway.yaml"
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "other.yaml")

        #expect(SettingsPlace.name(of: link + "/gateway.yaml") == SettingsPlace.name(of: file))
        #expect(SettingsPlace.name(of: file).hasSuffix("/data/gateway.yaml"))
        #expect(SettingsPlace.name(of: "/gateway.yaml") == "/gateway.yaml")
    }
}
