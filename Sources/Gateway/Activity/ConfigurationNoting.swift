import Configuration
import SCIM
import Store
import Tenancy

/// Tells tenants what became of their files when they were read again.
struct ConfigurationNoting {
    /// The profiles, which serve what was loaded.
    let runtimes: [ProfileRuntime]
    /// Who had them read: `operator:uid:0`, or `system`.
    let actor: String

    /// Findings that an entry tells; further ones are counted.
    private static let toldFindings = 3

    /// Leaves an entry with each tenant whose file was taken up or refused; one whose file is gone has no activity.
    func note(_ loaded: TenantDirectoryLoading.Loaded) {
        for tenant in loaded.change.added + loaded.change.changed {
            add(.configurationApplied, .ok, "Generation \(loaded.directories.generation).", to: tenant)
        }
        for tenant in loaded.change.kept {
            let problems = Self.problems(of: tenant, in: loaded.findings)
            add(
                .configurationRefused,
                .refused,
                "\(problems). The file as it was read before stays in force.",
                to: tenant
            )
        }
    }

    private func add(
        _ kind: ActivityKind,
        _ outcome: ActivityOutcome,
        _ explanation: String,
        to tenant: Tenant.ID
    ) {
        guard let runtime = runtimes.first(where: { $0.directory.tenant(tenant) != nil }) else { return }
        var entry = ActivityEntry(kind, outcome, at: runtime.now(), by: ActivityOrigin(actor: actor))
        entry.explanation = explanation
        runtime.activity.add(entry, of: tenant)
    }

    /// What is wrong with a tenant's file, with the places: no line of the file is repeated.
    private static func problems(of tenant: Tenant.ID, in findings: [Finding]) -> String {
        let errors = findings.filter { finding in
            finding.severity == .error && finding.place.file.hasSuffix("/\(tenant).yaml")
        }
        let told = errors.prefix(toldFindings).map { finding in
            "line \(finding.place.line): \(finding.message)"
        }
        let more = errors.count > told.count ? ["and \(errors.count - told.count) more"] : []
        return (told + more).joined(separator: "; ")
    }
}
