import ArgumentParser
import Foundation
import Operations
import SCIM
import Terminal

/// `scim-gateway store …`.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Check and back up what is kept of tenants.",
        discussion: "Example: scim-gateway store backup /var/backups/scim-gateway/2026-11-26",
        subcommands: [StoreCheck.self, StoreBackup.self]
    )
}

/// `store check [TENANT]`.
struct StoreCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read stores to the last page, and tell what is not as it must be.",
        discussion: """
            Pages and indexes, references, the version, and whether what people are found by agrees with their documents. \
            Works while the gateway serves. Exit code 3 when something was found.

            Example: scim-gateway store check contoso
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only this tenant's store. (default: all, and the control databases)")
    var tenant: String?

    @OptionGroup var form: FormOptions

    func run() async throws {
        let rows = try await Desk.work(global) { try await $0.checkStores(.init(tenant: tenant)) }
        try form.show(
            rows,
            names: { $0.name },
            columns: ["STORE", "PROFILE", "STATE"]
        ) { row in
            [
                .init(row.name), .init(row.profile),
                row.faults.isEmpty
                    ? .init("sound", .green) : .init(CountText.words(row.faults.count, "fault"), .red),
            ]
        }
        for row in rows {
            for fault in row.faults { Output.note("\(row.profile)/\(row.name): \(fault)") }
        }
        guard rows.allSatisfy(\.faults.isEmpty) else { throw ExitCode.problems }
    }
}

/// `store backup FOLDER`.
struct StoreBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy stores into a new folder, each as it is at one moment, while the gateway serves.",
        discussion: """
            The folder must not be there yet; it is the gateway's user who makes it, for nobody else to read. It is laid out as \
            a data root: put in the place of one, with no gateway running, it is served. manifest.json names the copies with \
            their SHA-256. Not in it: tenant files, settings, certificates. Of one tenant only the store is copied, without \
            its connections made by command.

            Example: scim-gateway store backup /var/backups/scim-gateway/2026-11-26
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The folder to make.")
    var folder: String

    @Option(help: "Only this tenant's store. (default: all, and the control databases)")
    var tenant: String?

    func run() async throws {
        // The gateway that runs may stand in another folder.
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        let manifest = try await Desk.work(global) {
            try await $0.backUpStores(.init(folder: path, tenant: tenant))
        }
        for file in manifest.files { Output.result("\(file.sha256)  \(file.path)") }
        Output.remark("\(CountText.words(manifest.files.count, "store")) copied to \(path).")
    }
}

extension AdminMessages.CheckedStore {
    /// The tenant's name, or what the profile's other store is called.
    fileprivate var name: String { tenant ?? "control" }
}
