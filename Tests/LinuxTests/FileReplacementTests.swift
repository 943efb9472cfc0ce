import Foundation
import Glibc
import Linux
import Testing

@Suite("Files that are replaced whole")
final class FileReplacementTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "replaced-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func `a free place is taken, and a taken one is never overwritten`() throws {
        let path = folder + "/acme.yaml"

        try FileReplacement.write(Array("a".utf8), to: path, .free)

        #expect(throws: SystemError(call: "link", code: EEXIST)) {
            try FileReplacement.write(Array("b".utf8), to: path, .free)
        }
        #expect(try content(path) == "a")
        #expect(try mode(path) == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["acme.yaml"])
    }

    @Test func `new contents keep the file's mode`() throws {
        let path = folder + "/acme.yaml"
        try FileReplacement.write(Array("a".utf8), to: path, .free)
        #expect(unsafe chmod(path, 0o604) == 0)

        try FileReplacement.write(Array("longer".utf8), to: path, .taken)

        #expect(try content(path) == "longer")
        #expect(try mode(path) == 0o604)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["acme.yaml"])
    }

    @Test func `what a link leads to is not replaced by a file`() throws {
        try FileReplacement.write(Array("a".utf8), to: folder + "/real.yaml", .free)
        #expect(unsafe symlink("real.yaml", folder + "/acme.yaml") == 0)

        #expect(throws: SystemError(call: "replace", code: ELOOP)) {
            try FileReplacement.write(Array("b".utf8), to: folder + "/acme.yaml", .taken)
        }
        #expect(try content(folder + "/acme.yaml") == "a")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }

    @Test func `a folder that is not there is told`() {
        #expect(throws: SystemError(call: "open", code: ENOENT)) {
            try FileReplacement.write([], to: folder + "/none/acme.yaml", .free)
        }
    }

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
