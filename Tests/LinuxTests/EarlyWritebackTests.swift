import Foundation
import Linux
import Testing

@Suite("Growing files written back early, sync_file_range(2)")
struct EarlyWritebackTests {
    @Test func `the kernel is asked once for each mebibyte`() throws {
        let path = NSTemporaryDirectory() + "growing-\(UUID().uuidString)"
        try Data("one line\n".utf8).write(to: URL(fileURLWithPath: path))
        // What cannot be removed is left to the system's own cleaning of temporary files.
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try #require(FileHandle(forWritingAtPath: path))
        var writeback = EarlyWriteback(of: file.fileDescriptor)

        let sizes = [
            EarlyWriteback.bytesAtOnce - 1, 1, EarlyWriteback.bytesAtOnce - 1, 2 * EarlyWriteback.bytesAtOnce,
            1,
        ]
        let asked = sizes.map { writeback.wrote($0) }

        #expect(asked == [false, true, false, true, false])
    }

    @Test func `a pipe has no disk, which is no error`() {
        let pipe = Pipe()
        var writeback = EarlyWriteback(of: pipe.fileHandleForWriting.fileDescriptor)

        let asked = [1, 2].map { writeback.wrote($0 * EarlyWriteback.bytesAtOnce) }

        #expect(asked == [false, false])
    }
}
