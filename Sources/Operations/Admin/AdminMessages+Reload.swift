import Gateway
import Tenancy

extension AdminMessages {
    /// `POST /v1/reload`: take up what is on disk; `POST /v1/plan`: tell what that would do.
    package struct ReloadOrder: Codable, Sendable {
        /// Whether the answer comes when it is done, and tells what came of it.
        package var waits: Bool
        /// Whether tenants whose files are gone are removed, however many they are.
        package var allowsRemovals: Bool

        /// An order to reload.
        package init(waits: Bool, allowsRemovals: Bool) {
            self.waits = waits
            self.allowsRemovals = allowsRemovals
        }
    }

    /// The answer to an order that is carried out later.
    package struct ReloadAsked: Codable, Sendable {
        /// The generation that serves until then.
        package var generation: Int
    }

    /// What a reload did.
    package struct Reloaded: Codable, Sendable {
        /// The generation that now serves, on every event loop: each request looks its tenant up anew.
        package var generation: Int
        /// Tenants that are served.
        package var tenants: Int
        /// Milliseconds that it took.
        package var milliseconds: Int
        /// Tenants that were not there before.
        package var added: [String]
        /// Tenants whose file is another than before.
        package var changed: [ChangedTenant]
        /// Tenants whose file is gone: their tokens get 401 now.
        package var removed: [String]
        /// Tenants whose file is gone and who go on all the same, because too many would go at once.
        package var held: [String]
        /// How many tenants are as before, those whose files were refused left out.
        package var unchanged: Int
        /// How many files were refused: tenants' and the settings'.
        package var refusedFiles: Int
        /// Keys of the settings file that have another value now.
        package var settings: [PlanMessage.Key]
        /// Keys of the settings file that have another value on disk, and get it at a restart.
        package var restartNeeded: [PlanMessage.Key]
        /// Whether anything of what is on disk was refused.
        package var refuses: Bool
        /// Problems, as `config check` prints them.
        package var findings: [String]
    }

    /// A tenant that a reload changed.
    package struct ChangedTenant: Codable, Sendable {
        /// Its name.
        package var tenant: String
        /// The keys with another value; of many changed tenants, told for the first ones only.
        package var keys: [String]
    }

    /// How the running gateway stands to the files on disk, and how that came about: what metrics show.
    package struct FilesStatus: Codable, Sendable, Equatable {
        /// When the generation in force was taken up, RFC 3339.
        package var applied: String
        /// Whether the last reading refused nothing: what is on disk is what serves, restarts aside.
        package var lastReloadSuccessful: Bool
        /// When a reading last refused nothing, RFC 3339; nil when none has since the start.
        package var lastSuccess: String?
        /// Reloads by result since the start: `applied`, and `rejected` for those that refused something.
        package var reloads: [String: Int]
        /// Tenants' files that are not in force as they are on disk, by name.
        package var notInForce: [TenantFileStatus]
        /// Keys of the settings file that have another value on disk, and get it at a restart.
        package var restartNeeded: [PlanMessage.Key]
    }

    /// A tenant's file that is not in force as it is on disk.
    package struct TenantFileStatus: Codable, Sendable, Equatable {
        /// The file's name.
        package var file: String
        /// The tenant that goes on as it was; nil when nothing of the file was ever in force.
        package var tenant: String?
        /// `refused`, or `gone` when too many are.
        package var state: String
        /// The generation that the version in force came with; nil when there is none.
        package var generation: Int?
        /// For people: `file refused, generation 41 serves`.
        package var text: String

        init(_ standing: FileStanding) {
            file = standing.file
            tenant = standing.tenant?.text
            state = standing.state.rawValue
            generation = standing.generation
            text = standing.description
        }
    }
}
