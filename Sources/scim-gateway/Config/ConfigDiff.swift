import ArgumentParser
import Operations
import SCIM
import Terminal

extension Config {
    /// `config diff`.
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what a reload would change, tenant by tenant, and what it would refuse.",
            discussion: """
                Compares the files on disk with what the running gateway serves; nothing is changed. Secrets are «set». \
                Exit code 2 when something would be refused, 69 when no gateway runs.

                Example: scim-gateway config diff -c gateway.yaml
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        func run() async throws {
            let plan: PlanMessage = try await Running.asked(global) { try await $0.get("/v1/plan") }
            try plan.tell(form)
        }
    }
}

extension PlanMessage {
    /// Tells the plan; ends the command with 2 when something would be refused.
    func tell(_ form: FormOptions) throws {
        switch form.output {
        case .json, .yaml: try form.showValue(self)
        case .name: for tenant in tenants { Output.result(tenant.tenant) }
        case .table, .wide:
            for line in PlanText(plan: self).lines { Output.result(line) }
            for finding in findings { Output.note(finding) }
        }
        if refuses { throw ExitCode.refused }
    }
}

/// A plan as people read it.
///
/// ```
/// gateway.yaml
///   limits.body  1MiB → 512KiB  needs a restart
/// contoso changed
///   connections[head-office].allow_from  [any] → [203.0.113.0/28]
/// 211 tenants unchanged
/// ```
private struct PlanText {
    let plan: PlanMessage

    var lines: [String] {
        let settings =
            plan.settings.isEmpty
            ? [] : ["gateway.yaml"] + plan.settings.map { "  \($0.line)\(effect(of: $0))" }
        let tenants = plan.tenants.flatMap { tenant in
            ["\(tenant.tenant) \(words(tenant.change))"]
                + (tenant.change == "added" ? [] : tenant.keys.map { "  \($0.line)" })
                + tenant.consequences.map { "  \($0)" }
        }
        return settings + tenants + ["\(CountText.words(plan.unchanged, "tenant")) unchanged"]
    }

    private func effect(of key: PlanMessage.Key) -> String {
        switch key.effect {
        case "restart": "  needs a restart"
        case "not yet": "  nothing acts on it yet"
        default: ""
        }
    }

    private func words(_ change: String) -> String {
        switch change {
        case "kept": "stays as it was: its file is refused"
        case "refused": "is refused"
        case "held": "stays as it was: its file is gone, and too many others are"
        default: change
        }
    }
}

extension PlanMessage.Key {
    /// `limits.body  1MiB → 512KiB`.
    var line: String {
        switch (before, after) {
        case (let before?, let after?): "\(key)  \(before) → \(after)"
        case (nil, let after?): "\(key)  \(after)  (new)"
        case (let before?, nil): "\(key)  \(before)  (gone)"
        case (nil, nil): key
        }
    }
}
