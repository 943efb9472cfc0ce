/// Whose network a request came from, as far as Microsoft's lists tell it.
package enum SourceNetwork: String, Sendable, CaseIterable {
    /// Entra of the worldwide cloud.
    case azureCommercial = "azure-commercial"
    /// Entra of Azure Government.
    case azureGovernment = "azure-gov"
    /// Entra as 21Vianet operates it.
    case azureChina = "azure-china"
    /// An address that is in no network of the profile's list.
    case other

    /// The cloud as a file of service tags calls it; nil for another word.
    init?(cloud: String) {
        switch cloud {
        case "Public": self = .azureCommercial
        case "AzureGovernment": self = .azureGovernment
        case "China": self = .azureChina
        default: return nil
        }
    }
}

extension NetworkList {
    /// Whose network an address is in.
    package func network(of address: IPAddress) -> SourceNetwork {
        guard set.contains(address) else { return .other }
        return SourceNetwork(cloud: cloud) ?? .other
    }
}
