import Dispatch
import Foundation

/// A program that is not ours, run to its end, within a time limit.
enum OutsideProgram {
    struct Outcome: Sendable {
        let status: Int32
        /// Standard output and standard error together.
        let output: String
    }

    /// Runs `arguments` with nothing on standard input; killed after the limit, which shows as
    /// status 124 or 137.
    static func run(_ arguments: [String], seconds: Int = 30) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: waiting for a process blocks.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runBlocking(arguments, seconds: seconds) })
            }
        }
    }

    static func runBlocking(_ arguments: [String], seconds: Int = 30) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "-k", "1", "\(seconds)"] + arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
