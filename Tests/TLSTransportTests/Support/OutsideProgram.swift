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

    /// Waits, for a minute at most, until this process has few descriptors open.
    ///
    /// To start a program Foundation lists them, and it reads behind its buffer, at times to the end of the process, when
    /// there are more than about 1,300. Other tests, which run at the same time, open stores and connections.
    private static func awaitFewDescriptors() {
        let deadline = ContinuousClock.now + .seconds(60)
        while descriptorCount > 700, ContinuousClock.now < deadline {
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(20))
        }
    }

    private static var descriptorCount: Int {
        // A list that cannot be read now is no reason to wait.
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    static func runBlocking(_ arguments: [String], seconds: Int = 30) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "-k", "1", "\(seconds)"] + arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        awaitFewDescriptors()
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
