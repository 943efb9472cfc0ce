import ArgumentParser
import Gateway

/// `scim-gateway reload`: reads the tenant files again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the tenant files again, and tell what came of it."
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let nothing: String? = nil
        let reloaded: AdminMessages.Reloaded = try await Running.asked(global) {
            try await $0.send("POST", "/v1/reload", nothing)
        }
        Output.result("generation \(reloaded.generation) serves \(reloaded.tenants) tenants")
        for finding in reloaded.findings { Output.note(finding) }
        if !reloaded.findings.isEmpty { throw ExitCode.refused }
    }
}
