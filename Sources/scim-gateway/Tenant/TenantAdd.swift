import ArgumentParser
import CloudProfiles
import Foundation
import Linux
import Tenancy

extension TenantCommand {
    /// `tenant add TENANT`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a tenant's file: every key with its meaning, one group, no connection yet.",
            discussion: """
                On a terminal the file is opened in $VISUAL or $EDITOR first. It is checked with all the others before it is \
                written, and no file is ever overwritten.

                Example: scim-gateway tenant add contoso --display-name 'Contoso Ltd' --group all-staff
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: "The tenant's name: a-z, 0-9 and '-'. It is the file's name, too, and stays for good."
        )
        var tenant: String

        @Option(help: "The customer's name, for people. (default: the tenant's name)")
        var displayName: String?

        @Option(help: "The cloud that the customer signs in to. (default: the one that is served)")
        var profile: CloudProfile.Name?

        @Option(help: "The first target group.")
        var group = "all-staff"

        @Flag(help: "Print the file, and write nothing. (default: off)")
        var dryRun = false

        func run() async throws {
            let settings = try Settings.read(global)
            let file = try TenantFilePath(tenant, settings)
            guard !FileManager.default.fileExists(atPath: file.path) else {
                throw Failure("\(file.path) is there already; nothing is written", .failure)
            }
            let starter = StarterFile.tenant(
                tenant,
                displayName: displayName ?? tenant,
                profile: try served(settings),
                group: (group, group.replacing("-", with: " ").capitalized)
            )
            let text = dryRun ? starter.text : try Editing.edited(starter.text, name: "\(tenant).yaml")
            try file.check(text)
            guard !dryRun else { return Output.text(text) }
            try file.write(text, .free)
            Output.result(file.path)
            try await Applying.tell(global, tenant: tenant)
            Output.remark("Next  scim-gateway connect \(tenant) \(group) -c \(global.config)")
        }

        /// The profile that was asked for, or the only one.
        private func served(_ settings: GatewaySettings) throws -> CloudProfile.Name {
            let served = settings.servedProfiles.map(\.rawValue).sorted()
            if let profile { return profile }
            guard served.count == 1, let only = served.first.flatMap(CloudProfile.Name.init(rawValue:)) else {
                throw ValidationError("say which cloud: --profile \(served.joined(separator: "|"))")
            }
            return only
        }
    }
}

extension CloudProfile.Name: ExpressibleByArgument {}

/// The editor of the person at the terminal.
enum Editing {
    /// The text as it is saved there; as it is when nobody sits at a terminal, or no editor is named.
    static func edited(_ text: String, name: String) throws -> String {
        let environment = Settings.environment
        let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let named, !Manner.current.hasNoInput, Manner.isTerminal(.standardInput),
            Manner.isTerminal(.standardOutput)
        else { return text }
        let folder = try FileManager.default.url(
            for: .itemReplacementDirectory,
            in: .userDomainMask,
            appropriateFor: FileManager.default.temporaryDirectory,
            create: true
        )
        let draft = folder.appending(path: name)
        try Data(text.utf8).write(to: draft)
        let editor = Process()
        editor.executableURL = URL(filePath: "/bin/sh")
        // The variable may hold options: the shell takes them apart, and the path stays whole.
        editor.arguments = ["-c", "\(named) \"$1\"", "sh", draft.path]
        try editor.run()
        editor.waitUntilExit()
        guard editor.terminationStatus == 0 else {
            throw Failure(
                "the editor ended with \(editor.terminationStatus); nothing is written, the draft is \(draft.path)",
                .failure
            )
        }
        let saved = try String(contentsOf: draft, encoding: .utf8)
        Output.remark("the draft is \(draft.path)")
        return saved
    }
}
