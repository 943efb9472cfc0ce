package import SCIM

/// The source networks of one of Microsoft's clouds, taken from a file of service tags.
package struct NetworkList: Sendable, Equatable {
    /// The cloud as the file calls it: `Public`, `AzureGovernment`, `China`.
    package let cloud: String
    /// Which edition of the file it is: Microsoft counts them.
    package let changeNumber: Int64
    /// The day of the file, by its name; when it was taken, when the name tells no day.
    package let issued: Timestamp
    /// The networks of ``tag``.
    package let networks: [Network]
    /// The same, ready to be asked.
    package let set: NetworkSet

    /// The service tag whose networks Entra's provisioning comes from.
    package static let tag = "AzureActiveDirectory"
    /// Days after which a list is stale: Microsoft issues one each week and announces changes a week ahead.
    package static let freshDays: Int64 = 14

    /// A list of these networks.
    package init(cloud: String, changeNumber: Int64, issued: Timestamp, networks: [Network]) {
        self.cloud = cloud
        self.changeNumber = changeNumber
        self.issued = issued
        self.networks = networks
        set = NetworkSet(networks)
    }

    /// Whether it is so old that networks may be missing.
    ///
    /// That is told, and nothing is refused for it.
    package func isStale(at now: Timestamp) -> Bool {
        issued.isOlder(thanDays: Self.freshDays, at: now)
    }
}
