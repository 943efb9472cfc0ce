import Foundation
import Glibc
import Linux
import Testing

@Suite("Lock of a data root, flock(2)")
final class FileLockTests {
    private let path = NSTemporaryDirectory() + "lock-\(UUID().uuidString)"

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test func `the second to ask is told who holds the lock`() throws {
        let first = try FileLock(path: path, adminSocket: "/run/one.sock", settings: "/etc/gw/gateway.yaml")

        let expected = FileLock.Holder(
            process: getpid(),
            adminSocket: "/run/one.sock",
            settings: "/etc/gw/gateway.yaml"
        )
        #expect(throws: FileLock.Refusal.held(expected)) {
            try FileLock(path: path, adminSocket: "/run/two.sock", settings: "/etc/gw/gateway.yaml")
        }
        #expect(try FileLock.holder(of: path) == expected)
        withExtendedLifetime(first) {}
    }

    @Test func `the lock is free when its holder is gone, and the file names nobody`() throws {
        do { _ = try FileLock(path: path, adminSocket: "/run/one.sock", settings: "/etc/gw/gateway.yaml") }

        #expect(try FileLock.holder(of: path) == nil)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.isEmpty)
    }

    @Test func `a file left behind by a dead process locks nobody out`() throws {
        try "4194304\n/run/dead.sock\n".write(toFile: path, atomically: false, encoding: .utf8)

        let lock = try FileLock(path: path, adminSocket: "/run/x.sock", settings: "/etc/gw/gateway.yaml")

        #expect(try FileLock.holder(of: path)?.adminSocket == "/run/x.sock")
        withExtendedLifetime(lock) {}
    }

    @Test func `nobody holds a lock whose file is not there`() throws {
        #expect(try FileLock.holder(of: path) == nil)
    }

    @Test func `a holder that has not written yet is told as unknown`() throws {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)

        let unknown = FileLock.Holder(process: nil, adminSocket: nil, settings: nil)
        #expect(throws: FileLock.Refusal.held(unknown)) {
            try FileLock(path: path, adminSocket: "/run/x.sock", settings: "/etc/gw/gateway.yaml")
        }
    }

    @Test func `a folder that is not there is the system's error`() {
        #expect(throws: FileLock.Refusal.failed(SystemError(call: "open", code: ENOENT))) {
            try FileLock(path: "/nowhere/LOCK", adminSocket: "/run/x.sock", settings: "/etc/gw/gateway.yaml")
        }
    }

    @Test func `the file is readable for its owner only`() throws {
        let lock = try FileLock(path: path, adminSocket: "/run/x.sock", settings: "/etc/gw/gateway.yaml")

        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        withExtendedLifetime(lock) {}
    }
}
