import ArgumentParser
import Operations
import SCIM
import Terminal

/// `tenant purge TENANT`.
struct TenantPurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove the store, connections and tokens of a tenant whose file is gone, for good.",
        discussion: """
            Asks for the tenant's name; in scripts write --confirm TENANT. A tenant that a file declares is refused: remove the \
            file, reload, then purge.

            Example: scim-gateway tenant purge contoso --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Option(help: "The tenant's name once more, where nobody can be asked. (default: ask)")
    var confirm: String?

    @Flag(help: "Tell what would go, and change nothing. (default: off)")
    var dryRun = false

    func run() async throws {
        let plan = AdminMessages.PurgeTenant(tenant: tenant, isDryRun: true)
        let purged = try await Desk.work(global) { desk in
            let foreseen = try await desk.purgeTenant(plan)
            guard !dryRun else { return foreseen }
            try requireConfirmation(foreseen)
            return try await desk.purgeTenant(.init(tenant: tenant, isDryRun: false))
        }
        tell(purged, dryRun ? "would go" : "gone for good")
    }

    /// Shows what would go to whoever is asked; who has confirmed it already knows.
    private func requireConfirmation(_ foreseen: AdminMessages.PurgedTenant) throws {
        guard let confirm else {
            tell(foreseen, "would go")
            return try Prompt.atTerminal.confirm(
                tenant,
                "This cannot be undone.",
                instead: "--confirm \(tenant)"
            )
        }
        guard confirm.utf8.elementsEqual(tenant.utf8) else {
            throw Failure("--confirm names another tenant than \(tenant); nothing is done", .failure)
        }
    }

    private func tell(_ purged: AdminMessages.PurgedTenant, _ word: String) {
        for file in purged.files {
            Output.note("\(word): \(file.path) (\(CountText.words(file.bytes, "byte")))")
        }
        for name in purged.connections { Output.note("\(word): connection \(tenant)/\(name)") }
        if !purged.tokens.isEmpty { Output.note("\(word): tokens \(purged.tokens.joined(separator: ", "))") }
    }
}
