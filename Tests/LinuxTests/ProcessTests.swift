import Glibc
import Linux
import Testing

@Suite("What the kernel tells of processes")
struct ProcessTests {
    @Test func `root and the gateway's own user may use the admin socket, others not`() {
        #expect(PeerCredentials(process: 1, user: 0, group: 0).isRootOr(998))
        #expect(PeerCredentials(process: 1, user: 998, group: 0).isRootOr(998))
        #expect(!PeerCredentials(process: 1, user: 999, group: 998).isRootOr(998))
    }

    @Test func `the credentials have the layout of the kernel's`() {
        #expect(MemoryLayout<PeerCredentials>.size == 12)
        #expect(MemoryLayout<PeerCredentials>.stride == 12)
        #expect(MemoryLayout<PeerCredentials>.offset(of: \.user) == 4)
        #expect(MemoryLayout<PeerCredentials>.offset(of: \.group) == 8)
    }

    @Test func `the number of open files is raised to its ceiling`() throws {
        let before = try ProcessLimits.current()

        let after = try ProcessLimits.raiseOpenFiles()

        #expect(after.openFiles == before.openFilesCeiling)
        #expect(try ProcessLimits.current() == after)
    }

    @Test func `the effective user is named`() {
        #expect(EffectiveUser.current.id == geteuid())
        #expect(EffectiveUser(id: 0).description == "uid 0 (root)")
        #expect(EffectiveUser(id: 4_000_000_001).description == "uid 4000000001")
    }

    @Test func `a failed call says what, on what and why`() {
        let error = SystemError(call: "open", object: "/etc/x", code: EACCES)

        #expect(error.description == "open /etc/x: permission denied")
    }
}
