import ArgumentParser
import Operations
import SCIM
import Transfer

/// `user export TENANT`.
struct UserExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write learners to stdout as JSON Lines or CSV, all of one moment.",
        discussion: """
            JSON Lines: the SCIM resource and managedBy, a line each. CSV: fields that a spreadsheet would run as a formula \
            (they begin with =, +, -, @, a tab or a carriage return) get an apostrophe before them, which user import takes \
            away again. Both can be imported. Example: scim-gateway user export contoso --form csv > people.csv
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @OptionGroup var chosen: UserSelectionOptions

    @Option(help: "csv or jsonl.")
    var form = LearnerFile.Form.jsonl

    func run() async throws {
        var order = AdminMessages.ExportUsers(
            tenant: tenant,
            form: form.rawValue,
            selection: chosen.selection
        )
        var count = 0
        try await Desk.work(global) { desk in
            repeat {
                let page = try await desk.exportUsers(order)
                try Output.data(page.text)
                count += page.count
                (order.snapshot, order.after) = (page.snapshot, page.next)
            } while order.snapshot != nil
        }
        Output.remark("\(CountText.words(count, "learner")) exported.")
    }
}
