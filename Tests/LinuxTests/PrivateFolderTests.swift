import Foundation
import Testing

@testable import Linux

@Suite("Folders and files for their owner only")
struct PrivateFolderTests {
    @Test func `a folder and a file are made for the owner, and never in the place of others`() throws {
        let path = NSTemporaryDirectory() + "private-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }

        try PrivateFolder.make(path)
        try PrivateFolder.write(Array("text".utf8), to: path + "/file")

        let modes = try ["", "/file"].map {
            try FileManager.default.attributesOfItem(atPath: path + $0)[.posixPermissions] as? Int
        }
        #expect(modes == [0o700, 0o600])
        #expect(throws: SystemError.self) { try PrivateFolder.make(path) }
        #expect(throws: SystemError.self) { try PrivateFolder.write([], to: path + "/file") }
        #expect(try String(contentsOfFile: path + "/file", encoding: .utf8) == "text")
    }

    @Test(arguments: [0, 1, 1 << 20, (1 << 20) + 1])
    func `a file comes in parts, and all of it comes`(count: Int) throws {
        let path = NSTemporaryDirectory() + "parts-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try PrivateFolder.write(bytes, to: path)

        var read: [UInt8] = []
        try DiskFile.forEachPart(of: path) { read += $0 }

        #expect(read == bytes)
        #expect(throws: SystemError.self) { try DiskFile.forEachPart(of: path + "x") { _ in } }
    }
}
