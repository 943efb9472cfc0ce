import CloudProfiles
import Gateway
import SCIM
import Store
import Tenancy

// MARK: - Orders about the networks that `entra` stands for

extension OperatorDesk {
    /// The networks of each served profile.
    package func networks() async throws(AdminMessages.Problem) -> [AdminMessages.NetworksRow] {
        var rows: [AdminMessages.NetworksRow] = []
        for runtime in core.runtimes { rows.append(row(try await list(of: runtime), runtime)) }
        return rows
    }

    /// Keeps the networks of a cloud for every served profile of it, and opens by them from the next request on.
    ///
    /// - Throws: a problem when no served profile is of that cloud, or when a network is none; nothing is changed then.
    package func updateNetworks(_ order: AdminMessages.UpdateNetworks) async throws(AdminMessages.Problem)
        -> [AdminMessages.NetworksRow]
    {
        let list = try Self.list(of: order)
        let served = core.runtimes.filter { $0.profile.networkListCloud == list.cloud }
        guard !served.isEmpty else {
            let wanted = core.runtimes.map {
                "\($0.profile.name.rawValue) takes \($0.profile.networkListCloud) (download "
                    + "\($0.profile.networkListDownload))"
            }
            throw .conflict(
                "the file is of cloud '\(list.cloud)', which no served profile is in: "
                    + wanted.joined(separator: ", ")
            )
        }
        var rows: [AdminMessages.NetworksRow] = []
        for runtime in served {
            let before = try await self.list(of: runtime)
            if order.isDryRun != true {
                try await Self.asking { () async throws(StoreError) in try await runtime.control.keep(list) }
            }
            var row = self.row(list, runtime)
            row.changeNumberBefore = before?.changeNumber
            rows.append(row)
        }
        try await refresh()
        return rows
    }

    private func list(of runtime: ProfileRuntime) async throws(AdminMessages.Problem) -> NetworkList? {
        try await contents(of: runtime).networks
    }

    /// The order as a list; the socket's other end is not taken at its word.
    private static func list(of order: AdminMessages.UpdateNetworks) throws(AdminMessages.Problem)
        -> NetworkList
    {
        let networks: [Network]
        do throws(ServiceTagFile.Problem) {
            networks = try ServiceTagFile.networks(order.networks)
        } catch {
            throw .invalid("the networks are refused: \(error.sentence)")
        }
        guard !networks.isEmpty, let issued = Timestamp(rfc3339: order.issued) else {
            throw .invalid("the networks are refused: networks and the day of the file belong in it")
        }
        return NetworkList(
            cloud: order.cloud,
            changeNumber: order.changeNumber,
            issued: issued,
            networks: networks
        )
    }

    private func row(_ list: NetworkList?, _ runtime: ProfileRuntime) -> AdminMessages.NetworksRow {
        AdminMessages.NetworksRow(
            profile: runtime.profile.name.rawValue,
            name: NetworkList.tag,
            download: runtime.profile.networkListDownload,
            changeNumber: list?.changeNumber,
            issued: list?.issued.rfc3339,
            networks: list?.networks.count ?? 0,
            isStale: list?.isStale(at: runtime.now()) ?? false,
            isUsed: runtime.directory.namesEntra
        )
    }
}

extension AllowedSources {
    /// Reads what an order says of allowed sources.
    ///
    /// - Throws: a problem for what is none, and for `entra` where its networks are not known.
    static func ordered(_ words: [String], in runtime: ProfileRuntime) throws(AdminMessages.Problem)
        -> AllowedSources
    {
        let sources: AllowedSources
        do throws(Problem) {
            sources = try reading(words)
        } catch {
            throw .invalid(error.sentence)
        }
        guard !sources.namesEntra || runtime.directory.networks != nil else {
            throw .conflict(
                "'entra' stands for networks that profile '\(runtime.profile.name.rawValue)' does not know yet; take them from "
                    + "Microsoft's file (download \(runtime.profile.networkListDownload)): scim-gateway networks update FILE"
            )
        }
        return sources
    }
}
