import ArgumentParser
import Gateway
import Linux
import Operations
import SCIM
import Tenancy
import Terminal

/// `scim-gateway networks …`.
struct Networks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show and update the networks that 'entra' stands for in allow_from.",
        discussion: "Example: scim-gateway networks list",
        subcommands: [List.self, Update.self]
    )

    /// `networks list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the networks of each served profile: edition, age, and how many they are.",
            discussion: "Example: scim-gateway networks list -o json"
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.networks() }
            try form.show(
                rows,
                names: \.profile,
                columns: [
                    "PROFILE", "NAME", "CHANGE", "ISSUED", "AGE", .figures("NETWORKS"), "USED", "DOWNLOAD",
                ]
            ) { row in
                [
                    "\(row.profile)", "\(row.name)", "\(row.changeNumber.map { "\($0)" } ?? "-")",
                    "\(row.issued?.prefix(10) ?? "-")", age(row), "\(row.networks)",
                    row.isUsed ? "yes" : "no",
                    "\(row.download)",
                ]
            }
        }

        private func age(_ row: AdminMessages.NetworksRow) -> Table.Cell {
            guard let issued = row.issued else { return "-" }
            let age = Elapsed.text(since: issued)
            return row.isStale ? .init("\(age), stale", .yellow) : .init(age)
        }
    }

    /// `networks update FILE`.
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the networks of Entra from Microsoft's weekly file of service tags.",
            discussion: """
                The file is ServiceTags_Public_*.json (download 56519), ServiceTags_AzureGovernment_*.json (57063) or \
                ServiceTags_China_*.json (57062) of https://www.microsoft.com/download/; each served profile takes those of \
                its own cloud. A gateway that runs opens by them from the next request on.

                Example: scim-gateway networks update ServiceTags_Public_20261123.json
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Microsoft's file.")
        var file: String

        @OptionGroup var rehearsal: DryRunOption

        func run() async throws {
            let list = try read()
            let order = AdminMessages.UpdateNetworks(list, isDryRun: rehearsal.dryRun)
            let rows = try await Desk.work(global) { try await $0.updateNetworks(order) }
            for row in rows {
                Output.result(
                    "\(row.profile): change \(list.changeNumber) of \(order.issued.prefix(10)), "
                        + CountText.words(row.networks, "network")
                )
                if let before = row.changeNumberBefore, before > list.changeNumber {
                    Output.warning("\(row.profile) had change \(before), which is newer")
                }
                if row.isStale {
                    Output.warning("the file is more than \(NetworkList.freshDays) days old")
                }
            }
            guard !rehearsal.dryRun else { return Output.remark("Nothing is changed.") }
            Output.note("A tenant file that was refused for want of them is taken up by: scim-gateway reload")
        }

        /// Reads the file here: the gateway that runs gets only what it keeps.
        private func read() throws -> NetworkList {
            do throws(DiskFile.Problem) {
                let bytes = try DiskFile.bytes(of: file, atMost: TenancyLimits.serviceTagBytes)
                do throws(ServiceTagFile.Problem) {
                    return try ServiceTagFile.read(bytes, name: file, now: SystemClock.now())
                } catch {
                    throw DiskFile.Problem(code: .failed, sentence: error.sentence)
                }
            } catch {
                Output.error("\(file): \(error.sentence)")
                throw ExitCode.failure
            }
        }
    }
}
