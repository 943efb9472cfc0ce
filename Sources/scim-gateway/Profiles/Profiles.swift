import ArgumentParser
import CloudProfiles
import Readiness
import Tenancy
import Terminal

/// `scim-gateway profiles …`.
struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what each Microsoft cloud demands, and what comes of each demand.",
        discussion: "Example: scim-gateway profiles show gcc-high",
        subcommands: [List.self, Show.self]
    )

    /// `profiles list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the five profiles, and how many of their demands are met.",
            discussion: """
                No gateway need run. Without a settings file it tells what is built in.

                Example: scim-gateway profiles list
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        func run() throws {
            let settings = try Settings.readIfThere(global)
            let reports = CloudProfile.Name.allCases.map { ProfileReport.made(of: $0, settings) }
            try form.show(
                reports,
                names: \.profile,
                columns: [
                    "PROFILE", "LISTENERS", .figures("ENFORCED"), .figures("ATTESTED"), .figures("NOT MET"),
                ]
            ) { report in
                [
                    "\(report.profile)",
                    "\(report.listeners.isEmpty ? "-" : report.listeners.joined(separator: ", "))",
                ]
                    + Demand.State.allCases.map { "\(report.count($0))" }
            }
            guard !form.output.isForPrograms else { return }
            for report in reports {
                for shout in report.shouts { Output.result("\(report.profile): \(shout)") }
            }
        }
    }

    /// `profiles show PROFILE`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every demand of a profile: enforced, attested by the operator, or not met.",
            discussion: """
                No gateway need run. Without a settings file it tells what is built in.

                Example: scim-gateway profiles show gcc-high
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Argument(
            help: "commercial, gcc, gcc-high, dod or china.",
            transform: { text in
                guard let name = CloudProfile.Name(rawValue: text) else {
                    let names = CloudProfile.Name.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("there is no profile '\(text)'; use one of: \(names)")
                }
                return name
            }
        )
        var profile: CloudProfile.Name

        func run() throws {
            let report = ProfileReport.made(of: profile, try Settings.readIfThere(global))
            if form.output == .name { return Output.result(report.profile) }
            guard !form.output.isForPrograms else { return try form.showValue(report) }
            for shout in report.shouts { Output.result(shout) }
            let listeners = report.listeners.isEmpty ? "none" : report.listeners.joined(separator: ", ")
            let cloud = report.cloud.map { [$0.name, $0.value] }
            for line in Output.aligned([["PROFILE", report.profile], ["listeners", listeners]] + cloud) {
                Output.result(line)
            }
            Output.result("")
            show(report.demands)
        }

        /// What is demanded has a line of its own: a list of suites is wider than a terminal.
        private func show(_ demands: [Demand]) {
            let lines = Output.aligned(
                [["DEMAND", "STATE", "HOW"]] + demands.map { [$0.name, $0.state.rawValue, $0.reason] }
            )
            for (line, demanded) in zip(lines, ["WHAT"] + demands.map(\.demanded)) {
                Output.result(line)
                Output.result("  \(demanded)")
            }
        }
    }
}
