import ArgumentParser
import Operations
import Terminal

/// `scim-gateway user …`.
struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work with the learners of a tenant.",
        discussion: "Example: scim-gateway user list contoso --unmanaged",
        subcommands: [
            UserList.self, UserShow.self, UserImport.self, UserExport.self, UserMove.self,
            UserRestore.self, UserPurge.self,
        ]
    )
}

/// Which learners a command is about.
struct UserSelectionOptions: ParsableArguments {
    @Option(help: "Only those who fulfil a SCIM filter. (default: all)")
    var filter: String?

    @Option(help: "Only those of this target group. (default: all)")
    var group: String?

    @Option(help: "Only those whom this connection manages. (default: all)")
    var connection: String?

    @Flag(help: "Only those whom no connection manages. (default: off)")
    var unmanaged = false

    @Flag(help: "Records of deleted learners, instead of those who are there. (default: off)")
    var deleted = false

    func validate() throws {
        guard !unmanaged || connection == nil else {
            throw ValidationError("--unmanaged and --connection exclude each other")
        }
    }

    /// As the admin socket has it.
    var selection: AdminMessages.UserSelection {
        .init(
            filter: filter,
            group: group,
            connection: connection,
            isUnmanaged: unmanaged,
            isDeleted: deleted
        )
    }
}
