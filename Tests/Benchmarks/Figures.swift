/// One line of a table: a case at one size.
struct Figures: Codable {
    /// The case, for people.
    let title: String
    /// Users of the tenant, or members of the group.
    let size: Int
    /// Operations that were measured, in all rounds.
    let operations: Int
    /// Wall time of one: median of the rounds' medians; of means where they were not measured one by one.
    let wallMicroseconds: Double
    /// CPU time of the whole process for one: median of the rounds' means.
    let cpuMicroseconds: Double
    /// Wall time that 99 of 100 do not exceed; nil when they were not measured one by one.
    let p99Microseconds: Double?
    /// The wall time divided by that of the case's first size: median of the quotients of the rounds.
    let wallRatio: Double
    /// The CPU time divided by that of the case's first size, likewise.
    let cpuRatio: Double
    /// What neither ratio is to exceed; nil where nothing is demanded.
    let target: Double?
    /// Most memory that a process had resident.
    let peakMemoryKiB: Int
    /// The tenant's database file at the end.
    let fileKiB: Int
}

extension Figures {
    /// The figures of a case's rounds at one size.
    ///
    /// `first` are the rounds at its first size. The n-th of both ran one after the other: what slows the machine down
    /// for a while slows both, and is not in their quotient.
    init(title: String, size: Int, target: Double?, of measured: [Measured], comparedWith first: [Measured]) {
        let rounds = measured.map(\.round)
        let pairs = zip(rounds, first.map(\.round))
        let walls = rounds.flatMap(\.walls)
        self.init(
            title: title,
            size: size,
            operations: rounds.reduce(0) { $0 + $1.operations },
            wallMicroseconds: Self.median(rounds.map(\.wallMicroseconds)),
            cpuMicroseconds: Self.median(rounds.map(\.cpuMicroseconds)),
            p99Microseconds: rounds.allSatisfy(\.isOneByOne) ? Self.percentile99(walls) : nil,
            wallRatio: Self.median(pairs.map { $0.wallMicroseconds / $1.wallMicroseconds }),
            cpuRatio: Self.median(pairs.map { $0.cpuMicroseconds / $1.cpuMicroseconds }),
            target: target,
            peakMemoryKiB: measured.reduce(0) { max($0, $1.peakMemoryKiB) },
            fileKiB: measured.last?.fileKiB ?? 0
        )
    }

    /// The least value that 99 of 100 do not exceed.
    static func percentile99(_ values: [Double]) -> Double {
        values.sorted()[(values.count * 99 + 99) / 100 - 1]
    }

    /// The middle one; of an even number the upper of the two in the middle.
    static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}
