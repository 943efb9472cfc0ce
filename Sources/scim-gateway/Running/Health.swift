import ArgumentParser
import Operations

/// `scim-gateway health`: whether a container or a load balancer may count on the gateway.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether the gateway runs and listens, by the exit code too.",
        discussion: """
            Exit code 0: it does. 1: it runs and no listener does. 69: none runs. With --quiet nothing is said.

            Example: HEALTHCHECK CMD scim-gateway health --quiet -c /etc/scim-gateway/gateway.yaml
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let status: AdminMessages.Status
        do {
            status = try await Running.asked(global) { try await $0.get("/v1/status") }
        } catch let failure as Failure where global.terminal.quiet {
            throw failure.exitCode
        }
        guard !status.listeners.isEmpty else {
            guard !global.terminal.quiet else { throw ExitCode.failure }
            throw Failure("the gateway runs, and no listener does; see: scim-gateway status", .failure)
        }
        if !global.terminal.quiet { Output.result("ok") }
    }
}
