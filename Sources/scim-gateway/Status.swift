import ArgumentParser
import Gateway
import Sharing
import Tenancy

/// `scim-gateway status`: one screen about the running gateway.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what the running gateway serves, and what is wrong."
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: OutputForm

    func run() async throws {
        let status: AdminMessages.Status = try await Running.asked(global) { try await $0.get("/v1/status") }
        guard form.output == .text else { return try Output.json(status) }
        let libraries = status.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        Output.result("scim-gateway \(status.version)  pid \(status.pid)  up \(status.uptimeSeconds) s")
        Output.result("libraries   \(libraries.joined(separator: ", "))")
        for listener in status.listeners {
            Output.result(
                "listener    \(listener.address) \(listener.profile)  \(listener.publicURL)  "
                    + "\(listener.connections) connections, \(listener.requestsInWork) requests in work, "
                    + "certificate ends \(listener.certificateEnds.prefix(10))"
            )
        }
        for line in Self.lines(status.connections) { Output.result(line) }
        if let turns = status.turns {
            Output.result(
                "requests    \(turns.inWork) in work, \(turns.waiting) wait, "
                    + "\(turns.bodyBytes) bytes of bodies; refused: "
                    + "\(turns.refused) above a ceiling, \(turns.overloaded) for overload"
            )
        }
        for profile in status.profiles {
            let fips = profile.fips.map {
                ", FIPS provider \($0.version) active, \($0.selfTests) self-tests passed"
            }
            Output.result(
                "profile     \(profile.profile)  "
                    + (profile.isServed ? "\(profile.tenants) tenants\(fips ?? "")" : "not served")
            )
            for demand in profile.notMet { Output.result("attention   \(demand)") }
        }
        for line in status.attention { Output.result("attention   \(line)") }
        Output.result("files       generation \(status.generation), \(status.findings.count) problems")
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
    private static func lines(_ figures: AdminMessages.ConnectionFigures?) -> [String] {
        guard let figures else { return [] }
        let refused = figures.refused.merging(figures.failedHandshakes) { $0 + $1 }
        return [
            "connections \(figures.open) of \(figures.limit) open, "
                + "\(figures.handshakes) of \(figures.handshakeLimit) in the handshake"
                + (figures.pauses > 0 ? ", taking them was paused \(figures.pauses) times" : "")
        ] + refused.sorted { $0.value > $1.value }.map { "closed      \($0.value) \($0.key)" }
    }
}

/// What only a running gateway can answer.
enum Running {
    /// Asks it; ends with 69 when none runs.
    static func asked<Answer>(_ options: GlobalOptions, _ ask: (AdminClient) async throws -> Answer)
        async throws -> Answer
    {
        do {
            let path = try options.socket ?? Settings.read(options).adminSocket
            return try await ask(AdminClient(path: path))
        } catch is AdminClient.NotRunning {
            Output.note(
                "error: no gateway runs at its admin socket; start it: scim-gateway serve -c \(options.config)"
            )
            throw ExitCode.notRunning
        } catch let problem as AdminMessages.Problem {
            Output.note("error: \(problem.detail)")
            throw ExitCode.refused
        } catch let broken as ConfigurationProblem {
            for line in broken.lines { Output.note(line) }
            throw ExitCode.configuration
        }
    }
}

/// `scim-gateway version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version and the linked libraries.")

    func run() {
        Output.result("scim-gateway \(ProgramVersion.text)")
        for (name, version) in LinkedLibraries.versions.sorted(by: { $0.key < $1.key }) {
            Output.result("\(name) \(version)")
        }
    }
}
