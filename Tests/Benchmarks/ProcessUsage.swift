import Foundation

/// What this process has taken from the machine.
enum ProcessUsage {
    /// Most memory that was resident at once, in KiB: `VmHWM` of proc(5).
    ///
    /// getrusage(2) would give a child what its parent had used before it began.
    static func peakMemoryKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { throw BenchmarkFailure("/proc/self/status names no VmHWM") }
        return number
    }
}
