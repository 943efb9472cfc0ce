import Foundation

/// This program, started again for a part of the work.
enum ChildProcess {
    /// Runs the program with these arguments until it ends, and takes what it writes.
    ///
    /// `more` is added to the environment.
    ///
    /// - Throws: ``BenchmarkFailure`` when it ends with another status than 0; it has told why on stderr.
    static func measured(by arguments: [String], environment more: [String: String] = [:]) throws -> Measured
    {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        )
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(more) { $1 }
        process.standardOutput = output
        try process.run()
        let written = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkFailure(
                "status \(process.terminationStatus) of: \(arguments.joined(separator: " "))"
            )
        }
        return try JSONDecoder().decode(Measured.self, from: written)
    }
}
