import ArgumentParser
import Operations
import SCIM
import Transfer

/// `tenant export TENANT`.
struct TenantExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write all that is kept of a tenant to stdout: for a move to another gateway, or for leaving.",
        discussion: """
            JSON Lines of one moment: a header (format version, profile, groups of the tenant's file), connections without \
            their tokens, users and groups with ids, versions, times, who manages them and each connection's externalId, \
            members, records of deleted learners, and a last line that counts the lines. Not in it: the tenant's file, \
            tokens, and the activity (scim-gateway activity TENANT -o json). Example: scim-gateway tenant export contoso > \
            contoso.jsonl
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    func run() async throws {
        var order = AdminMessages.ExportTenant(tenant: tenant)
        var lines = 0
        try await Desk.work(global) { desk in
            repeat {
                let page = try await desk.exportTenant(order)
                try Output.data(page.text)
                lines += page.count
                (order.snapshot, order.place) = (page.snapshot, page.place)
            } while order.snapshot != nil
        }
        try Output.data(ArchiveLine.text(ofEndAfter: lines + 1) + "\n")
        Output.remark("\(CountText.words(lines + 1, "line")) exported.")
    }
}
