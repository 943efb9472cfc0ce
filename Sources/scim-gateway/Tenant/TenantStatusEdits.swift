import ArgumentParser
import Gateway
import Linux
import Operations
import Tenancy

extension TenantCommand {
    /// `tenant pause TENANT`.
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pause a tenant: each of its requests is answered 503, and Entra tries again later.",
            discussion: """
                Writes status: paused into the tenant's file, and leaves all else in it as it is.

                Example: scim-gateway tenant pause contoso --dry-run
                """
        )

        @OptionGroup var edit: StatusOptions

        func run() async throws { try await edit.make(.paused) }
    }

    /// `tenant resume TENANT`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve a tenant again that was paused or disabled.",
            discussion: """
                Writes status: active into the tenant's file, and leaves all else in it as it is.

                Example: scim-gateway tenant resume contoso
                """
        )

        @OptionGroup var edit: StatusOptions

        func run() async throws { try await edit.make(.active) }
    }

    /// `tenant disable TENANT`.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable a tenant: its tokens get 401, as if nobody knew them. Its store stays.",
            discussion: """
                Writes status: disabled into the tenant's file, and leaves all else in it as it is. Entra quarantines a job that \
                gets 401: to wait for something, pause the tenant instead.

                Example: scim-gateway tenant disable contoso
                """
        )

        @OptionGroup var edit: StatusOptions

        func run() async throws { try await edit.make(.disabled) }
    }
}

/// What the commands take that write a tenant's status.
struct StatusOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.", completion: .tenants)
    var tenant: String

    @Flag(help: "Print the change, and write nothing. (default: off)")
    var dryRun = false

    /// Makes the tenant's file say that status.
    func make(_ status: Tenant.Status) async throws {
        let file = try TenantFilePath(tenant, Settings.read(global))
        let bytes = try file.bytes()
        let edit: StatusEdit?
        do throws(StatusEdit.Refusal) {
            edit = try StatusEdit.making(status, in: bytes, path: file.path)
        } catch {
            throw Failure("\(file.path): \(error.sentence)", .failure)
        }
        guard let edit else { return Output.remark("\(file.path) says so already: nothing is changed") }
        try file.check(edit.text)
        guard !dryRun else { return Self.diff(edit, file.path).forEach(Output.result) }
        try file.write(edit.text, .taken)
        Output.result("\(file.path):\(edit.line): \(edit.after)")
        try await Applying.tell(global, tenant: tenant)
    }

    private static func diff(_ edit: StatusEdit, _ path: String) -> [String] {
        ["--- \(path)", "+++ \(path)", "@@ -\(edit.line) +\(edit.line) @@"]
            + (edit.before.map { ["-\($0)"] } ?? []) + ["+\(edit.after)"]
    }
}

/// What has to happen before a file that was written is in force.
enum Applying {
    /// Tells what the gateway that runs would do with it, or that none runs.
    static func tell(_ options: GlobalOptions, tenant: String) async throws {
        let client = AdminClient(path: try RunningSocket.path(options))
        do {
            let plan: PlanMessage = try await client.get("/v1/plan")
            let change = plan.tenants.first { $0.tenant == tenant }
            for consequence in change?.consequences ?? [] { Output.remark("  \(consequence)") }
            Output.remark(
                change == nil
                    ? "The gateway that runs has taken it up already."
                    : "The gateway that runs takes it up when it reads its files again; at once: scim-gateway reload"
            )
        } catch is AdminClient.NotRunning {
            Output.remark("No gateway runs: it holds from the next start.")
        }
    }
}
