import Tenancy

/// Allowed sources as a control database keeps them: `entra` and networks with spaces between them, NULL for everywhere.
enum SourcesText {
    private static let entra = "entra"

    /// The text of these sources.
    static func text(_ sources: AllowedSources) -> String? {
        switch sources {
        case .any: nil
        case .networks(let networks): text(networks)
        case .entra(let besides): ([entra] + besides.map(\.description)).joined(separator: " ")
        }
    }

    /// The sources of a text.
    ///
    /// What cannot be read lets nobody in, rather than everybody.
    static func sources(_ text: String?) -> AllowedSources {
        guard let text else { return .any }
        let words = text.split(separator: " ")
        return words.first == entra[...] ? .entra(besides: networks(text)) : .networks(networks(text))
    }

    /// Networks with spaces between them.
    static func text(_ networks: [Network]) -> String {
        networks.map(\.description).joined(separator: " ")
    }

    /// The networks in a text.
    static func networks(_ text: String) -> [Network] {
        // A network that is no longer read is left out.
        text.split(separator: " ").compactMap { try? Network(String($0)) }
    }
}
