import ArgumentParser
import Gateway
import Operations
import Outbound
import Rehearsal
import Terminal

/// `scim-gateway probe TENANT/CONNECTION`: acts like Entra against the public URL, step by step.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Try a connection as Entra would, against the public URL.",
        discussion: """
            Tries DNS, TLS and "Test connection"; with --full the whole life of a learner of its own, who is gone again at \
            the end, also after Ctrl-C. Exit code 3: a step failed.

            Example: scim-gateway probe contoso/all-staff --full
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    @OptionGroup var options: RehearsalOptions

    @Argument(help: "TENANT/CONNECTION.", transform: ConnectionName.reading)
    var connection: ConnectionName

    @Flag(help: "Create, find, change, disable, restore and delete a learner, too. (default: test only)")
    var full = false

    /// Seconds that a pass lasts: nine steps of at most three requests, each within its limit.
    private static let passSeconds: Int64 = 900

    func run() async throws {
        let (report, isInterrupted) = try await Interruption.cancelling {
            try await RehearsalAccess.with(global, options, to: connection, seconds: Self.passSeconds) {
                try await probed($0)
            }
        }
        try form.show(report) { ["\(report.passed) of \(report.steps.count)"] }
        if isInterrupted { Output.note("interrupted") }
        if report.passed < report.steps.count { throw ExitCode.problems }
    }

    private func probed(_ access: RehearsalAccess) async throws -> ProbeReport {
        for sources in access.pass?.sources ?? [] {
            Output.remark(
                "note: allow_from: \(sources) holds for the client; a probe is let in from anywhere"
            )
        }
        var report = ProbeReport(
            connection: "\(connection.tenant)/\(connection.connection)",
            url: access.url.text
        )
        let seat = try HTTPSSeat(access.route, offering: EntraRequests.offer)
        let server = ServerLook(access.url, access.route, seat: try HTTPSSeat(access.route))
        report.steps.append(await server.lookUp())
        show(report.steps[0])
        let isKnown = report.steps[0].outcome == .passed
        report.steps.append(
            isKnown
                ? await server.shakeHands(at: SystemClock.now())
                : ProbeStep("TLS", "as Entra offers it", outcome: .skipped)
        )
        show(report.steps[1])
        var run = ProbeRun(
            access.requests,
            .probe(name: access.makeGUID(), externalID: access.makeGUID()),
            ProbeAdvice(connection: report.connection, tenantStatus: access.pass?.tenantStatus),
            isReachable: report.steps.allSatisfy { $0.outcome == .passed },
            send: { await seat.exchange($0) },
            tell: show
        )
        await run.test(guid: access.makeGUID())
        if full { await run.live() }
        report.steps += run.steps
        return report
    }

    private func show(_ step: ProbeStep) {
        guard !form.output.isForPrograms else { return }
        for line in ProbeLines.lines(of: step) { Output.result(line) }
    }
}

/// What a probe found, for programs.
struct ProbeReport: Codable, Sendable {
    /// TENANT/CONNECTION.
    var connection: String
    /// The Tenant URL that was tried.
    var url: String
    /// The steps in order.
    var steps: [ProbeStep] = []
    /// How many of them passed.
    var passed: Int { steps.count { $0.outcome == .passed } }
}

/// The lines of a step for people.
enum ProbeLines {
    private static let titleColumns = 17
    private static let whatColumns = 52

    /// One line, and what is wrong with what to do below it.
    static func lines(of step: ProbeStep) -> [String] {
        let mark =
            switch step.outcome {
            case .passed: "✓"
            case .failed: "✗"
            case .skipped: "-"
            }
        var line = " \(mark) " + padded(step.title, titleColumns) + " " + step.what
        if !step.statuses.isEmpty {
            line = padded(line, 4 + titleColumns + whatColumns)
            line += " " + step.statuses.map(String.init).joined(separator: ", ")
        }
        if let milliseconds = step.milliseconds { line += "  \(milliseconds) ms" }
        return [line] + (step.problem.map { ["   \($0)"] } ?? []) + (step.fix.map { ["   fix: \($0)"] } ?? [])
    }

    private static func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - text.count))
    }
}
