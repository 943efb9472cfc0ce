import ArgumentParser
import Foundation

/// A token on stdin: never in an argument, which other users of the machine could read.
enum TokenInput {
    /// Bytes that are read: a token with all that people paste around one is a tenth of it.
    private static let maximumBytes = 4_096

    /// All that comes.
    static func read() throws -> String {
        let input = FileHandle.standardInput
        if isatty(input.fileDescriptor) == 1 { Output.note("Paste the token, then press Return and Ctrl-D.") }
        var bytes = Data()
        while let part = try input.read(upToCount: maximumBytes), !part.isEmpty {
            bytes += part
            guard bytes.count <= maximumBytes else {
                throw ValidationError("more than \(maximumBytes) bytes came on stdin: that is no token")
            }
        }
        guard !bytes.isEmpty else { throw ValidationError("no token came on stdin") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
