import ArgumentParser
import CloudProfiles
import Guides
import Operations

extension TenantCommand {
    /// `tenant guide TENANT/CONNECTION`.
    struct Guide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how the customer's administrators connect Entra, with the values filled in.",
            discussion: """
                The steps are those of the tenant's cloud. No token is in it: give that apart.

                Example: scim-gateway tenant guide contoso/all-staff -o html > contoso.html
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: "TENANT/CONNECTION.",
            completion: .connections,
            transform: ConnectionName.reading
        )
        var connection: ConnectionName

        @Option(name: [.short, .long], help: "The form of the guide.")
        var output = Form.md

        /// Markdown, or a page.
        enum Form: String, ExpressibleByArgument, CaseIterable {
            case md, html
        }

        func run() async throws {
            let named = connection
            let tenant = try await Desk.work(global) { try await $0.tenant(named.tenant) }
            let document = try guide(tenant).document
            Output.text(output == .md ? document.markdown : document.html)
        }

        private func guide(_ tenant: AdminMessages.TenantDetail) throws -> EntraGuide {
            let name = connection.connection
            guard let row = tenant.connections.first(where: { $0.connection == name }) else {
                let meant = Meant.text(name, among: tenant.connections.map(\.connection), having: "it has")
                throw Failure("tenant \(connection.tenant) has no connection '\(name)'; \(meant)", .refused)
            }
            guard row.dialect == "entra" else {
                throw Failure(
                    "connection \(row.tenant)/\(name) speaks \(row.dialect): there is a guide for Entra only",
                    .failure
                )
            }
            guard let profile = tenant.tenant.profile.flatMap(CloudProfile.Name.init(rawValue:)),
                let url = tenant.tenantURL
            else {
                throw Failure(
                    "no listener serves the tenant's profile: there is no Tenant URL to tell",
                    .refused
                )
            }
            return EntraGuide(
                profile: .named(profile),
                tenant: tenant.tenant.displayName,
                connection: "\(row.tenant)/\(name)",
                group: tenant.groups.first { $0.group == row.group }?.displayName,
                tenantURL: url,
                storesAll: row.attributes == "full"
            )
        }
    }
}
