import ArgumentParser
import Operations
import SCIM

/// `user move TENANT --to GROUP`.
struct UserMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract:
            "Move learners to another target group, or empty a group before it leaves the tenant's file.",
        discussion: """
            Without --from-group they leave every target group that they are in. Groups that clients made, ids and versions \
            stay as they are. Example: scim-gateway user move contoso --from-group drivers --to all-staff --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "Ids of learners. (default: all of the group or the filter)")
    var users: [String] = []

    @Option(help: "The target group that they join.")
    var to: String

    @Option(help: "The target group that they leave; it may be gone from the file. (default: every one)")
    var fromGroup: String?

    @Option(help: "Only those who fulfil a SCIM filter. (default: all)")
    var filter: String?

    @Flag(help: "Count them, and move nobody. (default: off)")
    var dryRun = false

    func validate() throws {
        guard !users.isEmpty || fromGroup != nil || filter != nil else {
            throw ValidationError("say who is to be moved: ids, --from-group or --filter")
        }
        guard users.isEmpty || filter == nil else {
            throw ValidationError("ids and --filter exclude each other")
        }
    }

    func run() async throws {
        var moved = 0
        var missing: [String] = []
        try await Desk.work(global) { desk in
            var rest = users[...]
            var order = AdminMessages.MoveUsers(
                tenant: tenant,
                to: to,
                from: fromGroup,
                users: users.isEmpty ? nil : Array(rest.prefix(OperatorDesk.usersAtOnce)),
                filter: filter,
                isDryRun: dryRun
            )
            while true {
                let page = try await desk.moveUsers(order)
                moved += page.moved
                missing += page.missing
                rest = rest.dropFirst(OperatorDesk.usersAtOnce)
                if !users.isEmpty, rest.isEmpty { return }
                guard users.isEmpty else {
                    order.users = Array(rest.prefix(OperatorDesk.usersAtOnce))
                    continue
                }
                guard let next = page.next else { return }
                order.after = next
            }
        }
        for id in missing { Output.note("\(id): there is no such learner") }
        Output.note("\(CountText.words(moved, "learner")) \(dryRun ? "would be moved" : "moved") to \(to).")
        if !missing.isEmpty { throw ExitCode.failure }
    }
}
