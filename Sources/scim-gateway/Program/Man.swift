import ArgumentParser
import Foundation
import Tenancy

/// `scim-gateway man`: the manual's pages, for those who make packages.
struct Man: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a page of the manual, as man reads it.",
        discussion: """
            The pages are made from the commands' own help and from the tables of the files' keys.

            Example: scim-gateway man gateway.yaml | man -l -
            """,
        shouldDisplay: false
    )

    @Argument(help: "Which page.")
    var page = Page.program

    /// The manual's pages.
    enum Page: String, ExpressibleByArgument, CaseIterable {
        case program = "scim-gateway"
        case gateway = "gateway.yaml"
        case tenant = "tenant.yaml"
    }

    func run() throws {
        switch page {
        case .program: Output.text(try ManualOfCommands(dump: ScimGateway._dumpHelp()).page)
        case .gateway: Output.text(ManualOfKeys(file: .gateway, name: page.rawValue).page)
        case .tenant: Output.text(ManualOfKeys(file: .tenant, name: page.rawValue).page)
        }
    }
}
