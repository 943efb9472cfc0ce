import ArgumentParser
import Configuration
import Operations
import Tenancy
import Terminal

/// `scim-gateway token …`.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, replace, list, show, verify and revoke tokens.",
        discussion: "Example: scim-gateway token list contoso",
        subcommands: [Create.self, Rotate.self, List.self, Show.self, Verify.self, Revoke.self]
    )

    /// `token create TENANT/CONNECTION`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make another token of a connection, and print it, once. At most two are active at a time.",
            discussion: "Example: TOKEN=$(scim-gateway token create contoso/all-staff -q)"
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "TENANT/CONNECTION.", completion: .connections, transform: ConnectionName.reading)
        var connection: ConnectionName

        @Option(help: "A name for people, such as that of the Entra application. (default: none)")
        var name: String?

        @Option(
            help: "How long the token lives: 365d, 12h. (default: 365d, or what the profile allows)",
            transform: Lifetime.reading
        )
        var expires: Lifetime?

        @Option(help: "From where it may be used: any, entra or a network; may be repeated. (default: any)")
        var allowFrom: [String] = []

        @Flag(
            help:
                "Keep nothing of it, and print what the tenant's file is to say, below the token. (default: off)"
        )
        var printYaml = false

        @OptionGroup var rehearsal: DryRunOption

        func run() async throws {
            let order = AdminMessages.CreateToken(
                tenant: connection.tenant,
                connection: connection.connection,
                lifeSeconds: expires?.seconds,
                name: name,
                isForFile: printYaml,
                allowFrom: allowFrom,
                isDryRun: rehearsal.dryRun
            )
            TokenOutput.show(try await Desk.work(global) { try await $0.createToken(order) })
        }
    }

    /// `token rotate TENANT/CONNECTION`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token in place of the one that a connection has, and print it, once.",
            discussion: """
                The old token works on until some time after the new one is first used: put the new one into the client at \
                leisure, and the old one ends itself.

                Example: scim-gateway token rotate contoso/all-staff --overlap 14d
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "TENANT/CONNECTION.", completion: .connections, transform: ConnectionName.reading)
        var connection: ConnectionName

        @Option(
            help: "How long the old token works after that: 14d, 1h, 0s. (default: 14d)",
            transform: Lifetime.reading
        )
        var overlap = Lifetime.fortnight

        @Option(help: "A name for people, such as that of the Entra application. (default: none)")
        var name: String?

        @Option(
            help: "How long the new token lives: 365d, 12h. (default: 365d, or what the profile allows)",
            transform: Lifetime.reading
        )
        var expires: Lifetime?

        @Flag(
            help: """
                Keep nothing of the new token, and print what the tenant's file is to say, below it. The old one then ends when \
                its file says so. (default: off)
                """
        )
        var printYaml = false

        @OptionGroup var rehearsal: DryRunOption

        func run() async throws {
            if printYaml { return try await makeForFile() }
            let order = AdminMessages.RotateToken(
                tenant: connection.tenant,
                connection: connection.connection,
                lifeSeconds: expires?.seconds,
                overlapSeconds: overlap.seconds,
                name: name,
                isDryRun: rehearsal.dryRun
            )
            let made = try await Desk.work(global) { try await $0.rotateToken(order) }
            TokenOutput.show(made)
            guard let old = made.replaces, !rehearsal.dryRun else { return }
            Output.remark(
                "\(old) stays valid until \(DurationText.words(.seconds(overlap.seconds))) after \(made.tokenID) is first "
                    + "used. Two tokens are active; a third is not possible."
            )
        }

        /// What ends the old token is in a file, too: nobody but its writer can end it.
        private func makeForFile() async throws {
            let order = AdminMessages.CreateToken(
                tenant: connection.tenant,
                connection: connection.connection,
                lifeSeconds: expires?.seconds,
                name: name,
                isForFile: true,
                isDryRun: rehearsal.dryRun
            )
            TokenOutput.show(try await Desk.work(global) { try await $0.createToken(order) })
            guard !rehearsal.dryRun else { return }
            Output.remark(
                "  Old token     once the new one is used, write 'expires: DATE' or 'revoked: true' at the old one, then reload"
            )
        }
    }

    /// `token list [TENANT]`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tokens, those that ended in the last 90 days too. Never shows a secret.",
            discussion: "Example: scim-gateway token list contoso"
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Only this tenant's.", completion: .tenants)
        var tenant: String?

        @OptionGroup var form: FormOptions

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.tokens(of: tenant) }
            try TokenTable.show(rows, form)
        }
    }

    /// `token show ID`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show all that is known of a token: its life, and when and from where it was last used.",
            discussion: "Example: scim-gateway token show k7Qm2x4B"
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Argument(help: "The token's public id, as token list shows it.")
        var id: String

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.tokens(of: nil) }
            guard let row = rows.first(where: { $0.tokenID == id }) else {
                throw Failure("no token has the id '\(id)'; see: scim-gateway token list", .refused)
            }
            try TokenTable.show(row, form)
        }
    }

    /// `token revoke ID`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a token at once, or at a later moment; on open connections too.",
            discussion: """
                A moment that was set can be put earlier, not later.

                Example: scim-gateway token revoke k7Qm2x4B --at 2027-11-23
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The token's public id, as token list shows it.")
        var id: String

        @Option(help: "When it ends: a day (its start, UTC), or RFC 3339 with a zone. (default: now)")
        var at: String?

        @OptionGroup var rehearsal: DryRunOption

        func run() async throws {
            let order = AdminMessages.RevokeToken(token: id, at: at, isDryRun: rehearsal.dryRun)
            let revoked = try await Desk.work(global) { try await $0.revokeToken(order) }
            guard !rehearsal.dryRun else {
                return Output.result(
                    "Token \(revoked.tokenID) would end \(revoked.isEnded ? "at once" : "at \(revoked.ends)")."
                )
            }
            Output.remark(
                revoked.isEnded
                    ? "Token \(revoked.tokenID) is revoked."
                    : "Token \(revoked.tokenID) ends at \(revoked.ends)."
            )
        }
    }

    /// `token verify`, the token on stdin.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is the matter with a token that comes on stdin. Never repeats it.",
            discussion: """
                With --url it also says whether the Tenant URL is the token's. Exit code 3: something is wrong.

                Example: printf %s "$TOKEN" | scim-gateway token verify
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Option(help: "The Tenant URL that the token is used with. (default: not looked at)")
        var url: String?

        func run() async throws {
            let order = AdminMessages.Verify(text: try TokenInput.read(), tenantURL: url)
            let verified = try await Desk.work(global) { try await $0.verify(order) }
            switch form.output {
            case .json, .yaml: try form.showValue(verified)
            case .name: if let token = verified.token { Output.result(token.tokenID) }
            case .table, .wide:
                if let token = verified.token { TokenTable.line(token, verified.tenantURL) }
                for complaint in verified.complaints {
                    Output.error("\(complaint.problem)\n  fix: \(complaint.fix)")
                }
            }
            if !verified.complaints.isEmpty { throw ExitCode.problems }
        }
    }
}
