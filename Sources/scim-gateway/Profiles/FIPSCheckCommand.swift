import ArgumentParser
import Gateway
import Readiness
import Terminal

/// `scim-gateway fips-check`: loads the FIPS modules of the settings as a start would, and tells what runs in them.
struct FIPSCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fips-check",
        abstract: "Load the FIPS module, show its self-tests, and shake hands in it.",
        discussion: """
            Checks every profile that demands a module or names one. No gateway need run. Exit code 3 when something is \
            not as it should be.

            Example: scim-gateway fips-check -c gateway.yaml
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    @Option(
        help:
            "A file that openssl fipsinstall wrote: checks that module alone, without a settings file. (default: those of the settings)"
    )
    var module: String?

    func run() throws {
        let now = SystemClock.now()
        let checks =
            try module.map { [FIPSCheck.module($0, now: now)] }
            ?? FIPSCheck.all(Settings.read(global), now: now)
        switch form.output {
        case .table, .wide: show(checks)
        case .json, .yaml: try form.showValue(checks)
        case .name: for check in checks { Output.result(check.profile) }
        }
        if checks.contains(where: { !$0.problems.isEmpty }) { throw ExitCode.problems }
    }

    private func show(_ checks: [FIPSCheck]) {
        guard !checks.isEmpty else {
            return Output.result("no profile of \(global.config) demands a FIPS module, and none names one")
        }
        for check in checks { show(check) }
        Output.result(
            "This is what the gateway did. Whether a module is validated, and installed as its security policy says, is "
                + "for the operator to attest."
        )
    }

    private func show(_ check: FIPSCheck) {
        Output.result("PROFILE     \(check.profile)  fips: \(check.demand)")
        Output.result("module      \(check.module ?? "none")")
        if let provider = check.provider, let version = check.version {
            Output.result("provider    \(provider) \(version) active")
            Output.result("self-tests  \(check.selfTests.count) passed")
            list(check.selfTests.map { ["\($0.kind)", $0.subject, $0.hasPassed ? "passed" : "FAILED"] })
            Output.result("in it")
            list(check.uses.map { ["\($0.algorithm)", $0.purpose, $0.provider ?? "not to be had"] })
            Output.result("absent      \(check.absent.joined(separator: ", "))")
        }
        if !check.handshakes.isEmpty {
            Output.result("handshakes")
            list(check.handshakes.map { ["\($0.listener)", $0.offer, $0.suite ?? "refused"] })
        }
        for problem in check.problems { Output.result("PROBLEM     \(problem)") }
        Output.result("")
    }

    private func list(_ rows: [[String]]) {
        for line in Output.aligned(rows) { Output.result("  \(line)") }
    }
}
