import Foundation
import SCIM
import Testing

@testable import scim_benchmarks

@Suite("Benchmarks: they measure what they say")
struct BenchmarksTests {
    @Test func `a small run has a line for each case and size`() throws {
        // Longer than the path of a socket may be.
        let name = "benchmarks-" + UUID().uuidString + String(repeating: "-", count: 107)
        let folder = NSTemporaryDirectory() + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let figures = folder + "/figures.json"

        try run([
            "growth", "--users", "10", "20", "--members", "10", "20", "--operations", "2", "--folder", folder,
            "--json", figures,
        ])

        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: figures)))
        let sizes = Dictionary(grouping: report.lines, by: \.title).mapValues { $0.map(\.size) }
        #expect(
            sizes == [
                "load, per user": [10, 20], "userName eq": [10, 20], "externalId eq": [10, 20],
                "emails.value eq": [10, 20], "add a member": [10, 20],
            ]
        )
        for line in report.lines {
            #expect(line.operations == (line.title == "load, per user" ? line.size : 14))
            #expect(line.wallMicroseconds > 0 && line.peakMemoryKiB > 1_024 && line.fileKiB > 0)
            #expect(line.wallRatio == 1 || line.size > 10)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["figures.json"])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func `a run of some cases has their lines alone, and so many rounds`() throws {
        let folder = NSTemporaryDirectory() + "benchmarks-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let figures = folder + "/figures.json"

        try run([
            "growth", "--users", "10", "--members", "10", "--operations", "2", "--rounds", "3", "--only",
            "addMember",
            "--folder", folder, "--json", figures,
        ])

        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: figures)))
        #expect(report.lines.map(\.title) == ["add a member"])
        #expect(report.lines.map(\.operations) == [6])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test(arguments: [(Piece.json, 14), (.filter, 1), (.patch, 637)])
    func `a piece of a request does all of its work each time`(piece: Piece, giving result: Int) throws {
        let work = try piece.work()

        let first = try work()

        #expect(first == result)
        #expect(try work() == first)
    }

    @Test func `a look-up that finds another than the one it names is a failure`() async throws {
        try await withTenant(People(count: 10, seed: 1), members: 0) { gateway in
            let strangers = People(count: 10, seed: 2)
            let lookUps = LookUps(gateway: gateway, people: strangers, operations: 1)

            await #expect(throws: BenchmarkFailure.self) { _ = try await lookUps.round(0, by: .email) }
        }
    }

    @Test func `to add one who is a member already is a failure`() async throws {
        let people = People(count: 10, seed: 1)
        try await withTenant(people, members: 4) { gateway in
            let three = MemberAdditions(gateway: gateway, people: people, members: 3, operations: 1)
            let four = MemberAdditions(gateway: gateway, people: people, members: 4, operations: 1)

            let round = try await four.round(0)
            #expect(round.operations == 1)
            #expect(Set(four.newcomers(in: 0)).isDisjoint(with: four.newcomers(in: 1)))
            await #expect(throws: BenchmarkFailure("one is a member against expectation")) {
                _ = try await three.round(0)
            }
        }
    }

    /// Runs the program beside this one.
    private func run(_ arguments: [String]) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(filePath: own).deletingLastPathComponent()
            .appending(path: "scim-benchmarks")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private struct Report: Decodable {
        let lines: [Figures]
    }
}

@Suite("Benchmarks: what is random, and what is made of figures")
struct FiguresTests {
    @Test func `a seed decides everybody, and no two share a name`() {
        let people = People(count: 20_000, seed: 7)
        let everybody = (0..<people.count).map { people[$0] }

        #expect(People(count: 5, seed: 7)[3].userName == everybody[3].userName)
        #expect(People(count: 5, seed: 8)[3].userName != everybody[3].userName)
        #expect(Set(everybody.map(\.id)).count == people.count)
        #expect(Set(everybody.map(\.userName)).count == people.count)
        #expect(Set(everybody.map(\.externalID)).count == people.count)
        #expect(Set(everybody.map(\.email)).count == people.count)
    }

    @Test func `the order of the people has everybody once, and is the same each time`() {
        let order = People(count: 100, seed: 7).inOrder

        #expect(order.sorted() == Array(0..<100))
        #expect(order == People(count: 100, seed: 7).inOrder)
        #expect(order != People(count: 100, seed: 8).inOrder)
    }

    @Test(arguments: [(1, 1.0), (99, 99), (100, 99), (101, 100), (200, 198)])
    func `of 100 values the 99th percentile leaves out the greatest`(count: Int, percentile: Double) {
        #expect(Figures.percentile99((1...count).map { Double($0) }.shuffled()) == percentile)
    }

    @Test func `a round gives the median, or the mean where a measurement stands for many operations`() async
    {
        var (single, many) = (Round(), Round())

        for _ in 1...3 { await single.measure {} }
        let result = await many.measure(standingFor: 3) { "done" }
        await many.measure {}

        #expect(result == "done")
        #expect(single.wallMicroseconds == single.walls.sorted()[1])
        #expect(many.operations == 4 && many.walls.count == 2)
        #expect(many.wallMicroseconds == many.walls.reduce(0, +) / 4)
    }

    /// The machine is ten times as slow in the second round: in neither ratio, nor in the median of three.
    @Test func `a size is compared round by round, and one slow round does not move it`() throws {
        let first = try [10, 100, 11].map { try measured(walls: [$0, $0], cpu: 2, memory: 1_024) }
        let second = try [20, 200, 30].map { try measured(walls: [$0, $0], cpu: 3, memory: Int($0) * 1_024) }

        let figures = Figures(title: "a", size: 1_000, target: 2, of: second, comparedWith: first)

        #expect(figures.wallMicroseconds == 30 && figures.cpuMicroseconds == 1.5)
        #expect(figures.wallRatio == 2 && figures.cpuRatio == 1.5)
        #expect(figures.p99Microseconds == 200 && figures.operations == 6)
        #expect(figures.peakMemoryKiB == 200 * 1_024)
        #expect(
            FiguresTable([figures]).text.split(separator: "\n").last
                == "| a    | 1,000 | 30.0 |    1.5 |  200.0 |    2.00 |         1.50 |     2.0 |    200.0 |      1.5 |"
        )
    }

    private func measured(walls: [Double], cpu: Int, memory: Int) throws -> Measured {
        let json = """
            {"round": {"walls": \(walls), "operations": \(walls.count), "cpu": \(cpu)},
            "peakMemoryKiB": \(memory), "fileKiB": 1536}
            """
        return try JSONDecoder().decode(Measured.self, from: Data(json.utf8))
    }
}

/// Runs a test on a tenant that is filled with these people.
private func withTenant(
    _ people: People,
    members: Int,
    _ body: (BenchmarkGateway) async throws -> Void
) async throws {
    let folder = NSTemporaryDirectory() + "benchmarks-" + UUID().uuidString
    let gateway = try await BenchmarkGateway.open(in: folder)
    _ = try await Loading(gateway: gateway, people: people, members: members).round()
    try await body(gateway)
    await gateway.close()
    try FileManager.default.removeItem(atPath: folder)
}
