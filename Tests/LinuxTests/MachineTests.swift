import Foundation
import Testing

@testable import Linux

@Suite("What the machine tells of itself")
struct MachineTests {
    @Test(arguments: [
        (0o640, "0640", false, false), (0o604, "0604", true, false), (0o602, "0602", true, true),
    ])
    func `rights tell what everybody may do`(mode: Int, text: String, isOpen: Bool, isChangeable: Bool) throws
    {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data().write(to: URL(filePath: path))
        // What cannot be removed is left to the system's own cleaning of temporary files.
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)

        let rights = try FileRights(of: path)

        #expect(rights.text == text && !rights.isFolder)
        #expect(rights.isOpenToAll == isOpen && rights.isChangeableByAll == isChangeable)
    }

    @Test func `what is not there is an error with its reason`() {
        #expect(throws: SystemError(call: "stat", code: ENOENT)) { try FileRights(of: "/nowhere") }
        #expect(throws: SystemError(call: "statvfs", code: ENOENT)) { try FolderSpace(of: "/nowhere") }
    }

    @Test func `a folder has room`() throws {
        let room = try FolderSpace(of: "/tmp")

        #expect(room.freeBytes > 0)
        #expect(room.freeFiles.map { $0 > 0 } ?? true)
    }

    @Test func `the clock's state is told or not known, and its error is no less than nothing`() {
        #expect((ClockState.current()?.largestError ?? 0) >= 0)
    }
}
