import Foundation
import Glibc
import Linux
import Testing

@Suite("Reading small files")
final class DiskFileTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func `a file is read whole up to the bound, and refused one byte above`() throws {
        try "12345".write(toFile: folder + "/a", atomically: false, encoding: .utf8)

        #expect(try DiskFile.bytes(of: folder + "/a", atMost: 5) == Array("12345".utf8))
        #expect(throws: problem(.tooLarge)) { try DiskFile.bytes(of: folder + "/a", atMost: 4) }
    }

    @Test func `the names of a folder come sorted by bytes`() throws {
        for name in ["b", "a", "B", ".hidden"] {
            try "".write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
        }

        #expect(try DiskFile.names(in: folder) == [".hidden", "B", "a", "b"])
    }

    @Test func `what is missing or of another kind is told as such`() throws {
        #expect(unsafe mkfifo(folder + "/pipe", 0o600) == 0)

        #expect(throws: problem(.missing)) { try DiskFile.bytes(of: folder + "/none", atMost: 1) }
        #expect(throws: problem(.missing)) { try DiskFile.names(in: folder + "/none") }
        #expect(throws: problem(.wrongKind)) { try DiskFile.bytes(of: folder, atMost: 1) }
        #expect(throws: problem(.wrongKind)) { try DiskFile.bytes(of: folder + "/pipe", atMost: 1) }
        #expect(throws: problem(.wrongKind)) { try DiskFile.names(in: "/etc/hostname") }
    }

    private func problem(_ code: DiskFile.Problem.Code) -> DiskFile.Problem {
        DiskFile.Problem(code: code, sentence: "")
    }
}
