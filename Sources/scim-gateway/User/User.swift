import ArgumentParser
import Foundation
import Gateway

/// `scim-gateway user …`.
struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work with the learners of a tenant.",
        discussion: "Example: scim-gateway user import contoso people.csv --group all-staff",
        subcommands: [Import.self]
    )

    /// `user import TENANT FILE --group G`.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make unmanaged learners of a CSV: userName,givenName,familyName.",
            discussion: """
                A connection that provisions the same userName later associates the learner, who stays in the group.

                Example: scim-gateway user import contoso people.csv --group all-staff
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The tenant's name.")
        var tenant: String

        @Argument(help: "The CSV file; its first line names the columns.")
        var file: String

        @Option(help: "The target group that the learners join.")
        var group: String

        func run() async throws {
            let csv: String
            do {
                csv = try String(contentsOfFile: file, encoding: .utf8)
            } catch {
                Output.error("\(file) cannot be read as UTF-8 text")
                throw ExitCode.failure
            }
            let order = AdminMessages.Import(tenant: tenant, group: group, csv: csv)
            let imported = try await Desk.work(global) { try await $0.importUsers(order) }
            for line in imported.refused { Output.note("\(file):\(line.line): refused: \(line.reason)") }
            Output.note("\(imported.imported) learners imported, \(imported.refused.count) lines refused.")
            if !imported.refused.isEmpty { throw ExitCode.failure }
        }
    }
}
