import Glibc

/// What one process measured: the wall time of each operation, and the whole process's CPU time for all of them.
///
/// CPU time is that of every thread, so that work that is put off, such as writing SQLite's log back, counts too.
struct Round: Codable {
    /// Wall time of each measurement in µs.
    private(set) var walls: [Double] = []
    /// Operations in all of them: more than measurements when one stands for many.
    private(set) var operations = 0
    private var cpu = 0

    /// Nothing is measured yet.
    init() {}

    /// Does and measures one operation, or as many at once as it says.
    mutating func measure<Result>(
        standingFor operations: Int = 1,
        _ operation: () async throws -> Result
    ) async rethrows -> Result {
        let (began, cpuBegan) = (ContinuousClock.now, clock())
        let result = try await operation()
        let (wall, cpu) = (ContinuousClock.now - began, clock() - cpuBegan)
        walls.append(wall / .microseconds(1))
        self.operations += operations
        self.cpu += cpu
        return result
    }

    /// Wall time of an operation: the median, which a process that got in between does not move; the mean where they were
    /// not measured one by one.
    var wallMicroseconds: Double {
        isOneByOne ? Figures.median(walls) : walls.reduce(0, +) / Double(operations)
    }

    /// Whether each operation was measured by itself.
    var isOneByOne: Bool { walls.count == operations }

    /// Mean CPU time of an operation: with what is done only now and then.
    var cpuMicroseconds: Double { Double(cpu) / Double(operations) }
}

/// What one process gives back.
struct Measured: Codable {
    /// Its round.
    let round: Round
    /// Most memory that it had resident.
    let peakMemoryKiB: Int
    /// The tenant's database file at its end.
    let fileKiB: Int
}
