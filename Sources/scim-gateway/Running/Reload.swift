import ArgumentParser
import Gateway
import Operations
import SCIM
import Terminal

/// `scim-gateway reload`: reads the files again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the running gateway read its settings, tenant files and certificates again.",
        discussion: """
            A file that is wrong keeps its last good version. When more than one tenant in five (and more than one), \
            or all, would be gone, none of them goes, unless removals are allowed.

            Without --wait the order is handed over, and what comes of it is in status and the log. Exit code with \
            --wait or --dry-run: 2 when something is refused. 69 when no gateway runs.

            Example: scim-gateway reload --wait
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    @Flag(help: "Answer when the new generation is in force for each new request. (default: off)")
    var wait = false

    @Flag(help: "Remove tenants whose files are gone, however many they are. (default: few at once)")
    var allowRemovals = false

    @Flag(help: "Change nothing, and tell what would be changed, as config diff does. (default: off)")
    var dryRun = false

    func run() async throws {
        let order = AdminMessages.ReloadOrder(waits: wait, allowsRemovals: allowRemovals)
        if dryRun {
            let plan: PlanMessage = try await Running.asked(global) {
                try await $0.send("POST", "/v1/plan", order)
            }
            return try plan.tell(form)
        }
        guard wait else {
            let asked: AdminMessages.ReloadAsked = try await Running.asked(global) {
                try await $0.send("POST", "/v1/reload", order)
            }
            return try form.show(asked) {
                ["asked for; generation \(asked.generation) serves until then. See: scim-gateway status"]
            }
        }
        let reloaded: AdminMessages.Reloaded = try await Running.asked(global) {
            try await $0.send("POST", "/v1/reload", order)
        }
        try tell(reloaded)
        if reloaded.refuses { throw ExitCode.refused }
    }

    private func tell(_ reloaded: AdminMessages.Reloaded) throws {
        let text = ReloadText(reloaded: reloaded)
        try form.show(reloaded) { [text.result] + text.settings }
        guard !form.output.isForPrograms else { return }
        for line in text.problems { Output.note(line) }
    }
}

/// What a reload did, as people read it.
///
/// ```
/// generation 42 applied in 18 ms: 1 tenant added (adatum), 1 changed (contoso: allow_from), 211 unchanged
/// 1 file refused:
/// tenants/fabrikam.yaml:14:5: error: …
/// ```
private struct ReloadText {
    let reloaded: AdminMessages.Reloaded

    /// Names that a line holds: as many as fit a few lines of a terminal.
    private static let shownNames = 10

    var result: String {
        let changed = reloaded.changed.map { tenant in
            tenant.keys.isEmpty ? tenant.tenant : "\(tenant.tenant): \(tenant.keys.joined(separator: ", "))"
        }
        let parts = [
            part(reloaded.added.count, "added", reloaded.added),
            part(changed.count, "changed", changed, between: "; "),
            part(reloaded.removed.count, "removed", reloaded.removed),
            part(reloaded.held.count, "without a file held", reloaded.held),
            part(reloaded.unchanged, "unchanged", []),
        ].compactMap { $0 }
        let told = parts.enumerated().map { index, part in
            let count = index == 0 ? CountText.words(part.count, "tenant") : "\(part.count)"
            return "\(count) \(part.words)"
        }
        let what = told.isEmpty ? "no tenants" : told.joined(separator: ", ")
        return "generation \(reloaded.generation) applied in \(reloaded.milliseconds) ms: \(what)"
    }

    var settings: [String] {
        reloaded.settings.isEmpty ? [] : ["gateway.yaml"] + reloaded.settings.map { "  \($0.line)" }
    }

    var problems: [String] {
        let restarts = reloaded.restartNeeded.map { "restart needed: \($0.line)" }
        let refused = reloaded.refusedFiles
        let head = refused == 0 ? [] : ["\(CountText.words(refused, "file")) refused:"]
        return restarts + head + reloaded.findings
    }

    private func part(_ count: Int, _ word: String, _ names: [String], between: String = ", ")
        -> (count: Int, words: String)?
    {
        guard count > 0 else { return nil }
        guard !names.isEmpty else { return (count, word) }
        let shown = names.prefix(Self.shownNames).joined(separator: between)
        let more = names.count > Self.shownNames ? " and \(names.count - Self.shownNames) more" : ""
        return (count, "\(word) (\(shown)\(more))")
    }
}
