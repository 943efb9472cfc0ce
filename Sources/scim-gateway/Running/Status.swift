import ArgumentParser
import Gateway
import Operations
import SCIM
import Sharing
import Tenancy
import Terminal

/// `scim-gateway status`: one screen about the running gateway.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what the running gateway serves, and what is wrong.",
        discussion: """
            Exit code 69: no gateway runs.

            Example: scim-gateway status -o json
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    func run() async throws {
        let status: AdminMessages.Status = try await Running.asked(global) { try await $0.get("/v1/status") }
        guard form.output != .name else {
            return status.profiles.filter(\.isServed).forEach { Output.result($0.profile) }
        }
        guard !form.output.isForPrograms else { return try form.showValue(status) }
        let libraries = status.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        Output.result("scim-gateway \(status.version)  pid \(status.pid)  up \(status.uptimeSeconds) s")
        Output.result("libraries   \(libraries.joined(separator: ", "))")
        for listener in status.listeners {
            Output.result(
                "listener    \(listener.address) \(listener.profile)  \(listener.publicURL)  "
                    + "\(CountText.words(listener.connections, "connection")), "
                    + "\(CountText.words(listener.requestsInWork, "request")) in work, "
                    + "certificate ends \(listener.certificateEnds.prefix(10))"
            )
        }
        for line in Self.lines(status.connections) { Output.result(line) }
        if let turns = status.turns {
            Output.result(
                "requests    \(turns.inWork) in work, \(turns.waiting) wait, "
                    + "\(CountText.words(turns.bodyBytes, "byte")) of bodies; refused: "
                    + "\(turns.refused) above a ceiling, \(turns.overloaded) for overload"
            )
        }
        for profile in status.profiles {
            let fips = profile.fips.map {
                ", FIPS provider \($0.version) active, \(CountText.words($0.selfTests, "self-test")) passed"
            }
            Output.result(
                "profile     \(profile.profile)  "
                    + (profile.isServed
                        ? CountText.words(profile.tenants, "tenant") + (fips ?? "") : "not served")
            )
            for demand in profile.notMet { Output.result("attention   \(demand)") }
        }
        for line in status.attention { Output.result("attention   \(line)") }
        let problems = CountText.words(status.findings.count, "problem")
        Output.result("files       generation \(status.generation), \(problems)")
        for line in Self.lines(status.files) { Output.result(line) }
        for finding in status.findings { Output.note(finding) }
    }

    /// What of the files on disk is not in force.
    private static func lines(_ files: AdminMessages.FilesStatus?) -> [String] {
        guard let files else { return [] }
        return files.notInForce.map { "attention   \($0.file): \($0.text)" }
            + files.restartNeeded.map { "attention   restart needed: \($0.line)" }
    }

    /// What is open, and what came to nothing.
    private static func lines(_ figures: ConnectionFigures?) -> [String] {
        guard let figures else { return [] }
        let refused = figures.refused.merging(figures.failedHandshakes) { $0 + $1 }
        return [
            "connections \(figures.open) of \(figures.limit) open, "
                + "\(figures.handshakes) of \(figures.handshakeLimit) in the handshake"
                + (figures.pauses > 0
                    ? ", taking them was paused \(CountText.words(figures.pauses, "time"))" : "")
        ] + refused.sorted { $0.value > $1.value }.map { "closed      \($0.value) \($0.key)" }
    }
}
