internal import Glibc

/// What this process takes of the machine (proc(5)).
package struct ProcessFigures: Sendable, Equatable {
    /// Memory that is in the machine's, bytes.
    package let residentBytes: Int
    /// Memory that is mapped, bytes.
    package let virtualBytes: Int
    /// Processor time since the start, that of the system for it included.
    package let cpuMilliseconds: Int
    /// When it started, seconds since 1970: to a hundredth as the kernel counts, and as the clock stood at the first look.
    package let startedSeconds: Int
    /// Open file descriptors; nil where they cannot be listed.
    package let openFiles: Int?
    /// Descriptors that may be open; nil where the limit cannot be read.
    package let mostOpenFiles: Int?

    /// Bytes of `/proc/self/stat` at most: some fifty numbers.
    private static let statBytes = 8_192

    /// Reads them; nil where the system does not tell, as without `/proc`.
    package static func current() -> ProcessFigures? {
        // What cannot be read is not known, and is told so.
        guard let bytes = try? DiskFile.bytes(of: "/proc/self/stat", atMost: statBytes) else { return nil }
        return ProcessFigures(stat: String(decoding: bytes, as: UTF8.self), openFiles: countOfOpenFiles())
    }

    /// The figures out of the text of `/proc/self/stat`.
    init?(stat: String, openFiles: Int?) {
        // The program's name stands in parentheses and may hold anything: what follows the last one is numbers.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        func number(_ field: Int) -> Int? { field - 3 < fields.count ? Int(fields[field - 3]) : nil }
        guard let user = number(14), let system = number(15), let started = number(22),
            let virtual = number(23), let pages = number(24)
        else { return nil }
        let ticks = max(1, sysconf(Int32(_SC_CLK_TCK)))
        residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
        virtualBytes = virtual
        cpuMilliseconds = (user + system) * 1_000 / ticks
        startedSeconds = Self.bootSeconds + started / ticks
        self.openFiles = openFiles
        // A limit that cannot be read is not told.
        mostOpenFiles = (try? ProcessLimits.current())?.openFiles
    }

    /// When the machine started, seconds since 1970; read once, so that a clock that is set does not move the start.
    private static let bootSeconds: Int = {
        var (wall, up) = (timespec(), timespec())
        guard unsafe clock_gettime(CLOCK_REALTIME, &wall) == 0, unsafe clock_gettime(CLOCK_BOOTTIME, &up) == 0
        else { return 0 }
        return wall.tv_sec - up.tv_sec
    }()

    private static func countOfOpenFiles() -> Int? {
        // What cannot be listed is not told; the folder itself is open while it is read.
        (try? DiskFile.names(in: "/proc/self/fd")).map { $0.count - 1 }
    }
}
