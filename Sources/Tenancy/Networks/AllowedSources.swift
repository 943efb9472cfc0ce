internal import Configuration

/// From which addresses something may be used, as one list says it: that of a tenant, a connection or a token.
package enum AllowedSources: Sendable, Equatable {
    /// From everywhere.
    case any
    /// From these networks only.
    case networks([Network])
    /// From the networks of Microsoft's service tag `AzureActiveDirectory` in the profile's cloud, and from these.
    case entra(besides: [Network])

    /// Whether Microsoft's networks are in the list.
    package var namesEntra: Bool {
        if case .entra = self { return true }
        return false
    }

    /// Why words are no list of sources.
    package struct Problem: Error {
        /// What is wrong, and how to write it.
        package let sentence: String
    }

    /// Reads the words of a command: `any`, `entra` and networks; no word is `any`.
    ///
    /// - Throws: what is wrong with a word, or with them together.
    package static func reading(_ words: [String]) throws(Problem) -> AllowedSources {
        var entries: [SourceEntry] = []
        for word in words {
            do throws(SettingDamage) {
                entries.append(try SourceEntry.read(word))
            } catch {
                throw Problem(sentence: error.message + (error.fix.map { "; \($0)" } ?? ""))
            }
        }
        guard !entries.isEmpty else { return .any }
        guard let sources = AllowedSources(entries) else {
            throw Problem(sentence: "'any' lets everybody in, and others stand beside it; keep one of both")
        }
        return sources
    }

    /// The list of these entries; nil for `any` with others beside it.
    init?(_ entries: [SourceEntry]) {
        var (namesAny, namesEntra) = (false, false)
        var networks: [Network] = []
        for entry in entries {
            switch entry {
            case .any: namesAny = true
            case .entra: namesEntra = true
            case .network(let network): networks.append(network)
            }
        }
        switch (namesAny, namesEntra) {
        case (true, false) where networks.isEmpty: self = .any
        case (true, _): return nil
        case (false, true): self = .entra(besides: networks)
        case (false, false): self = .networks(networks)
        }
    }
}

extension AllowedSources: CustomStringConvertible {
    /// The words of the list, as a file or a command would have them: `entra, 203.0.113.0/28`.
    package var description: String {
        switch self {
        case .any: "any"
        case .networks(let networks): networks.map(\.description).joined(separator: ", ")
        case .entra(let besides): (["entra"] + besides.map(\.description)).joined(separator: ", ")
        }
    }
}

/// What must hold of an address for a token to open its connection: every list that was written must hold it.
///
/// So a list can only narrow what the one above it allows: that of a token within that of its connection, and that
/// within the tenant's.
package struct SourceGate: Sendable {
    /// Of each list the sets that it is made of: one of them must hold the address.
    private let lists: [[NetworkSet]]

    /// A gate of these lists.
    ///
    /// As long as Microsoft's networks are not known, a list that names them holds only what stands beside them: a gate
    /// that cannot be read is shut.
    package init(_ lists: [AllowedSources], entra: NetworkSet?) {
        self.lists = lists.compactMap { list in
            switch list {
            case .any: nil
            case .networks(let networks): [NetworkSet(networks)]
            case .entra(let besides): (entra.map { [$0] } ?? []) + [NetworkSet(besides)]
            }
        }
    }

    /// Whether a peer may come in.
    ///
    /// A peer without an address (a Unix socket) is in no network.
    package func allows(_ peer: IPAddress?) -> Bool {
        guard !lists.isEmpty else { return true }
        guard let peer else { return false }
        return lists.allSatisfy { sets in sets.contains { $0.contains(peer) } }
    }
}
