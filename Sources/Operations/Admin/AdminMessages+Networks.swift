import SCIM
package import Tenancy

extension AdminMessages {
    /// `POST /v1/networks`: the networks of Entra in one of Microsoft's clouds, as they were taken from a file.
    package struct UpdateNetworks: Codable, Sendable {
        /// The cloud as the file calls it.
        package var cloud: String
        /// The edition of the file.
        package var changeNumber: Int64
        /// The day of the file, RFC 3339.
        package var issued: String
        /// The networks in CIDR form.
        package var networks: [String]
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// The networks of a list.
        package init(_ list: NetworkList, isDryRun: Bool = false) {
            self.isDryRun = isDryRun
            cloud = list.cloud
            changeNumber = list.changeNumber
            issued = list.issued.rfc3339
            networks = list.networks.map(\.description)
        }
    }

    /// One row of `GET /v1/networks`: what `entra` stands for in a profile.
    package struct NetworksRow: Codable, Sendable {
        /// The profile's name.
        package var profile: String
        /// The service tag.
        package var name: String
        /// The number of Microsoft's download page.
        package var download: Int
        /// The edition of the file; nil as long as none was taken.
        package var changeNumber: Int64?
        /// The day of the file, RFC 3339.
        package var issued: String?
        /// How many networks it holds.
        package var networks: Int
        /// Whether it is so old that networks may be missing.
        package var isStale: Bool
        /// Whether something is allowed from `entra`.
        package var isUsed: Bool
        /// The edition that was in force before an update; nil in a list.
        package var changeNumberBefore: Int64?
    }
}
