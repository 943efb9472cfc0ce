package import CloudProfiles
import Configuration
package import Tenancy

/// `profiles show`: what a cloud is, everything that its profile demands, and what came of each demand.
///
/// Made from the settings file as a start would read it, whether a gateway runs or not; without a settings file, of what
/// is built in.
package struct ProfileReport: Codable, Sendable {
    /// The profile's name.
    package var profile: String
    /// Addresses of its listeners; empty when it is not served.
    package var listeners: [String]
    /// What is known of the cloud: name → value.
    package var cloud: [Fact]
    /// Every demand, in the order in which people ask for them.
    package var demands: [Demand]
    /// What must be shouted: `NOT MET: FIPS (gateway.yaml:23: no module here)`.
    package var shouts: [String]

    /// Something about the cloud that nobody has to enforce.
    package struct Fact: Codable, Sendable {
        /// What it is.
        package var name: String
        /// The fact.
        package var value: String
    }

    /// Reports on a profile.
    ///
    /// Loads the FIPS module of the settings, as a start would: blocks for a moment.
    package static func made(of name: CloudProfile.Name, _ settings: GatewaySettings?) -> ProfileReport {
        let profile = CloudProfile.named(name)
        let fips = settings?.fips(of: name) ?? .builtIn(name)
        return ProfileReport(
            profile: name.rawValue,
            listeners: (settings?.listeners ?? []).filter { $0.profile.value == name }
                .map { "\($0.address.value)" },
            cloud: facts(of: profile),
            demands: DemandList(profile: profile, fips: fips).all,
            shouts: fips.loosened.map { ["\($0)"] } ?? []
        )
    }

    /// How many demands are in a state.
    package func count(_ state: Demand.State) -> Int {
        demands.count { $0.state == state }
    }

    private static func facts(of profile: CloudProfile) -> [Fact] {
        [
            Fact(name: "portal", value: profile.portal),
            Fact(name: "sign-in", value: profile.loginAuthority),
            Fact(name: "issuers", value: profile.issuers.joined(separator: ", ")),
            Fact(name: "keys", value: profile.keySet),
            Fact(name: "template", value: profile.templateID),
            Fact(
                name: "networks",
                value: "https://www.microsoft.com/download/details.aspx?id=\(profile.networkListDownload)"
            ),
        ]
    }
}
