import ArgumentParser
import Operations

/// `user restore TENANT ID…`.
struct UserRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring deleted learners back, under their ids, with their groups and names.",
        discussion: """
            Only as long as the record is kept: deleted_retention of the tenant's file. Refused when somebody else has the \
            userName now. Example: scim-gateway user restore contoso 4c1d9a52-6f0e-4a53-9d0c-5b8a7a0d6f11
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "Ids: scim-gateway user list TENANT --deleted shows them.")
    var users: [String]

    @Flag(help: "Look whether they could come back, and change nothing. (default: off)")
    var dryRun = false

    func run() async throws {
        var results: [AdminMessages.UserResult] = []
        try await Desk.work(global) { desk in
            for part in users.parted(by: OperatorDesk.usersAtOnce) {
                let order = AdminMessages.DeletedUsers(tenant: tenant, users: part, isDryRun: dryRun)
                results += try await desk.restoreUsers(order)
            }
        }
        try UserResults.tell(results, done: dryRun ? "can be restored" : "restored")
    }
}

/// `user purge TENANT ID…`.
struct UserPurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove the records of deleted learners for good, before their retention ends.",
        discussion: """
            A learner who is not deleted is refused unless --living is given: then both the learner and the record go. What \
            the activity says of them stays: it holds no values. Example: scim-gateway user purge contoso \
            4c1d9a52-6f0e-4a53-9d0c-5b8a7a0d6f11 --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "Ids: scim-gateway user list TENANT --deleted shows them.")
    var users: [String]

    @Flag(help: "Learners who are not deleted go too. (default: off)")
    var living = false

    @Flag(help: "Look what would go, and change nothing. (default: off)")
    var dryRun = false

    func run() async throws {
        var results: [AdminMessages.UserResult] = []
        try await Desk.work(global) { desk in
            for part in users.parted(by: OperatorDesk.usersAtOnce) {
                let order = AdminMessages.DeletedUsers(
                    tenant: tenant,
                    users: part,
                    includesLiving: living,
                    isDryRun: dryRun
                )
                results += try await desk.purgeUsers(order)
            }
        }
        try UserResults.tell(results, done: dryRun ? "would go for good" : "gone for good")
    }
}

/// What became of learners, one by one.
enum UserResults {
    /// Tells of each; ends the command with 1 when some were refused.
    static func tell(_ results: [AdminMessages.UserResult], done: String) throws {
        for result in results {
            let notes = result.notes.isEmpty ? "" : "; \(result.notes.joined(separator: "; "))"
            Output.note("\(result.user): \(result.refusal.map { "refused: \($0)" } ?? done + notes)")
        }
        if results.contains(where: { $0.refusal != nil }) { throw ExitCode.failure }
    }
}

extension [String] {
    /// The list in parts of so many, at most.
    func parted(by count: Int) -> [[String]] {
        stride(from: 0, to: self.count, by: count).map {
            Array(self[$0..<Swift.min($0 + count, self.count)])
        }
    }
}
