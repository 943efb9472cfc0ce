import ArgumentParser
import Foundation

/// What a request costs as a tenant grows: look-ups by name, and one more member of a group.
///
/// Every round is a process of its own, so that peak memory is that of its case and size alone, and only one runs at a
/// time. The sizes take turns, round by round: a machine that is slow for a minute is slow for all of them.
struct Growth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look-ups at growing numbers of users, one more member of growing groups.",
        discussion: "Writes a Markdown table to stdout, and how it goes to stderr."
    )

    @Flag(help: "Smaller sizes and fewer requests: some seconds instead of some minutes.")
    var quick = false

    @Option(parsing: .upToNextOption, help: "Users of the tenants in which to look up.")
    var users: [Int] = []

    @Option(parsing: .upToNextOption, help: "Members of the groups to which to add one.")
    var members: [Int] = []

    @Option(parsing: .upToNextOption, help: "The cases to measure, without it all of them.")
    var only: [Work] = []

    @Option(help: "Measured requests in each round of a line.")
    var operations: Int?

    @Option(help: "Rounds of a case at one size; of an even number the median is the upper of two.")
    var rounds = 7

    @Option(help: "What the people's names and the order of requests are drawn from.")
    var seed: UInt64 = 20_260_301

    @Option(help: "The folder for the databases: on the disk that is to be measured.")
    var folder = NSTemporaryDirectory()

    @Option(help: "A file for the figures as JSON.")
    var json: String?

    func validate() throws {
        guard (users + members).allSatisfy({ $0 > 0 }), operations ?? 1 > 0, rounds > 0 else {
            throw ValidationError("sizes, operations and rounds are 1 or more")
        }
    }

    func run() async throws {
        let root = "\(folder)/scim-benchmarks-\(ProcessInfo.processInfo.processIdentifier)"
        // What cannot be removed is in the way of nothing.
        defer { try? FileManager.default.removeItem(atPath: root) }

        let tenants = sizes(users, full: [1_000, 100_000, 1_000_000], quick: [1_000, 10_000]).map { size in
            Filled(folder: "\(root)/users-\(size)", size: size, users: size, members: 0)
        }
        let newcomers = MemberAdditions.people(rounds: rounds, operations: requests)
        let groups = sizes(members, full: [10, 1_000, 100_000], quick: [10, 1_000]).map { size in
            Filled(folder: "\(root)/members-\(size)", size: size, users: size + newcomers, members: size)
        }
        let lookUps = [Work.userName, .externalID, .email].filter(isWanted)
        var lines = lookUps.isEmpty ? [] : try figures(of: .load, in: tenants, rounds: 1)
        for work in lookUps { lines += try figures(of: work, in: tenants, rounds: rounds) }
        if isWanted(.addMember) {
            _ = try figures(of: .load, in: groups, rounds: 1)
            lines += try figures(of: .addMember, in: groups, rounds: rounds)
        }

        Terminal.result(FiguresTable(lines).text)
        if let json { try write(lines, to: json) }
    }

    /// A tenant in a folder of its own, filled by its first process.
    private struct Filled {
        let folder: String
        /// What stands in the table.
        let size: Int
        let users: Int
        let members: Int
    }

    private func isWanted(_ work: Work) -> Bool { only.isEmpty || only.contains(work) }

    private var requests: Int { operations ?? (quick ? 50 : 500) }

    private func sizes(_ chosen: [Int], full: [Int], quick small: [Int]) -> [Int] {
        chosen.isEmpty ? (quick ? small : full) : chosen
    }
}

// MARK: - Rounds

extension Growth {
    /// One case at all its sizes, which take turns.
    private func figures(of work: Work, in tenants: [Filled], rounds: Int) throws -> [Figures] {
        var measured = tenants.map { _ in [Measured]() }
        for round in 0..<rounds {
            for (index, tenant) in tenants.enumerated() {
                measured[index].append(try self.measured(work, round, in: tenant))
            }
        }
        return zip(tenants, measured).map { tenant, rounds in
            Figures(
                title: work.title,
                size: tenant.size,
                target: work.target,
                of: rounds,
                comparedWith: measured[0]
            )
        }
    }

    private func measured(_ work: Work, _ round: Int, in tenant: Filled) throws -> Measured {
        try FileManager.default.createDirectory(atPath: tenant.folder, withIntermediateDirectories: true)
        // A load's learners are made on one thread and freed on another: what many arenas keep of that is 360 MiB of 250,000.
        let measured = try ChildProcess.measured(
            by: [
                "trial", work.rawValue, "--users", "\(tenant.users)", "--members", "\(tenant.members)",
                "--round", "\(round)", "--operations", "\(requests)", "--seed", "\(seed)",
                "--folder", tenant.folder,
            ],
            environment: work == .load ? ["MALLOC_ARENA_MAX": "1"] : [:]
        )
        let figure = FiguresTable.decimal(measured.round.wallMicroseconds, 1)
        Terminal.note("\(work.title), \(tenant.size), round \(round + 1): \(figure) µs")
        return measured
    }

    private func write(_ lines: [Figures], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let report = Report(seed: seed, operations: requests, rounds: rounds, lines: lines)
        try encoder.encode(report).write(to: URL(filePath: path))
    }

    /// What the JSON file holds.
    private struct Report: Encodable {
        let seed: UInt64
        let operations: Int
        let rounds: Int
        let lines: [Figures]
    }
}
