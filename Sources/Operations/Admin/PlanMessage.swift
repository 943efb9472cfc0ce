import Configuration
import Tenancy

/// `GET /v1/plan`: what a reload would change.
package struct PlanMessage: Codable, Sendable {
    /// The generation that serves.
    package var generation: Int
    /// Keys of the settings file with another value than the running gateway has.
    package var settings: [Key]
    /// Tenants that would be touched, by name.
    package var tenants: [Change]
    /// How many tenants would not be.
    package var unchanged: Int
    /// What would be refused, and warnings, as `config check` prints them.
    package var findings: [String]
    /// Whether something would be refused.
    package var refuses: Bool

    /// One tenant.
    package struct Change: Codable, Sendable {
        /// Its name, or that of a file that is refused.
        package var tenant: String
        /// `added`, `changed`, `removed`, `kept` as it is because its file is refused, `refused`, or `held` because too
        /// many files are gone.
        package var change: String
        /// The keys with another value.
        package var keys: [Key]
        /// What follows for its clients and learners.
        package var consequences: [String]
    }

    /// One key.
    package struct Key: Codable, Sendable, Equatable {
        /// The whole path.
        package var key: String
        /// What holds now, «set» for what is secret; nil when nothing does.
        package var before: String?
        /// What would hold; nil when nothing would.
        package var after: String?
        /// `reload`, `restart` or `not yet`.
        package var effect: String

        init(_ change: KeyChange) {
            key = change.key
            before = change.before
            after = change.after
            effect = change.effect.rawValue
        }
    }

    /// The message of a plan.
    init(_ plan: ReloadPlan, generation: Int, findings: [String], refuses: Bool) {
        self.generation = generation
        settings = plan.settings.map(Key.init)
        tenants = plan.tenants.map { tenant in
            Change(
                tenant: tenant.name,
                change: tenant.kind.rawValue,
                keys: tenant.keys.map(Key.init),
                consequences: tenant.consequences
            )
        }
        unchanged = plan.unchanged
        self.findings = findings
        self.refuses = refuses
    }
}
