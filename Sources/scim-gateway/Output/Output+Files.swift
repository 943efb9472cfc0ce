import ArgumentParser
import Foundation

extension Output {
    /// Writes a part of a file to stdout.
    ///
    /// What cannot be written fails the command: half a file is none.
    static func data(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw Failure("stdout cannot be written; what was written so far is not whole", .failure)
        }
    }
}
