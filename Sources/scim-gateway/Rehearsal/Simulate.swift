import ArgumentParser
import Operations
import Outbound
import Rehearsal
import SCIM
import Terminal

/// `scim-gateway simulate TENANT/CONNECTION`: provisions learners whom nobody is, as Entra would.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Provision synthetic learners as Entra would, and tell how long it took.",
        discussion: """
            Looks each learner up, makes who is missing, changes all and switches every tenth off. Exit code 3: a request \
            was not answered as it should be.

            Example: scim-gateway simulate contoso/all-staff --learners 500 --remove
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    @OptionGroup var options: RehearsalOptions

    @Argument(help: "TENANT/CONNECTION.", transform: ConnectionName.reading)
    var connection: ConnectionName

    @Option(help: ArgumentHelp("How many, 0 to 100000; 0 goes with --remove.", valueName: "n"))
    var learners: Int

    @Option(help: ArgumentHelp("Requests a second, at most. (default: no limit)", valueName: "n"))
    var rate: Int?

    @Option(help: ArgumentHelp("Connections at the same time, 1 to 64.", valueName: "n"))
    var concurrency = 4

    @Flag(help: "Delete synthetic learners at the end. (default: off)")
    var remove = false

    @Flag(help: "Go on where other learners are. (default: off)")
    var yes = false

    @Flag(help: "Only tell what would be done. (default: off)")
    var dryRun = false

    private static let mostConcurrency = 64

    func validate() throws {
        guard (0...SampleLearner.mostSimulated).contains(learners) else {
            throw ValidationError("--learners takes 0 to \(SampleLearner.mostSimulated)")
        }
        guard (1...Self.mostConcurrency).contains(concurrency) else {
            throw ValidationError("--concurrency takes 1 to \(Self.mostConcurrency)")
        }
        guard rate.map({ $0 > 0 }) ?? true else { throw ValidationError("--rate takes 1 and up") }
        guard learners > 0 || remove else {
            throw ValidationError("--learners 0 is of use with --remove only")
        }
    }

    func run() async throws {
        let (report, isInterrupted) = try await Interruption.cancelling {
            try await RehearsalAccess.with(global, options, to: connection, seconds: Self.passSeconds) {
                try await rehearsed($0)
            }
        }
        guard let report else { return }
        try form.show(report) { report.lines }
        if isInterrupted {
            throw Failure(
                "interrupted; to delete the synthetic learners that are there: scim-gateway simulate "
                    + "\(connection.tenant)/\(connection.connection) --learners 0 --remove",
                .failure
            )
        }
        if !report.refused.isEmpty { throw ExitCode.problems }
    }

    /// The longest that a pass may live: so long a rehearsal may take.
    private static let passSeconds: Int64 = 3_600

    private func rehearsed(_ access: RehearsalAccess) async throws -> SimulationReport? {
        let seats = try (0..<concurrency).map { _ in
            try HTTPSSeat(access.route, offering: EntraRequests.offer)
        }
        let name = "\(connection.tenant)/\(connection.connection)"
        let advice = ProbeAdvice(connection: name, tenantStatus: access.pass?.tenantStatus)
        do throws(Inhabitants.Refused) {
            let there = try await Inhabitants.counted(access.requests, advice) { await seats[0].exchange($0) }
            guard !dryRun else {
                Output.note(
                    "\(CountText.words(there.all, "learner is", plural: "learners are")) there, \(there.simulated) of them "
                        + "synthetic; \(learners) would be provisioned"
                        + (remove ? ", and all synthetic ones deleted" : "")
                )
                return nil
            }
            guard there.others == 0 || yes else {
                throw Inhabitants.Refused(
                    problem: "\(connection.tenant) has "
                        + CountText.words(
                            there.others,
                            "learner who is not synthetic",
                            plural: "learners who are not synthetic"
                        ),
                    fix: "use a tenant of its own for rehearsals; or, to go on among them: --yes"
                )
            }
            let run = SimulationRun(
                access: access,
                seats: seats,
                learners: learners,
                pace: Pace(perSecond: rate),
                isRemoving: remove
            )
            return try await run.report(advice)
        } catch {
            throw Failure(lines: ["error: \(error.problem)", "  fix: \(error.fix)"], .refused)
        }
    }
}

/// What a rehearsal with many gave.
struct SimulationReport: Codable, Sendable {
    /// How many learners there were to provision.
    var learners: Int
    /// Seconds that all of it took.
    var seconds: Double
    /// The times, kind by kind.
    var requests: [LatencyTally.Row]
    /// What was not answered as it should be, with how often.
    var refused: [String: Int]

    /// The same for people.
    var lines: [String] {
        var table = Table([
            "REQUEST", .figures("COUNT"), .figures("P50 MS"), .figures("P95"), .figures("P99"),
            .figures("MAX"),
        ])
        for row in requests {
            table.add([
                row.kind.rawValue, "\(row.count)", "\(row.p50)", "\(row.p95)", "\(row.p99)", "\(row.most)",
            ])
        }
        let count = requests.reduce(0) { $0 + $1.count }
        let pace = seconds > 0 ? ", \(Int(Double(count) / seconds)) a second" : ""
        return table.lines() + refused.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" } + [
            "\(CountText.words(count, "request")) for \(CountText.words(learners, "learner")) in \((seconds * 10).rounded() / 10) s\(pace)"
        ]
    }
}
