import Crypto
import TLSTransport

/// The entrances at one address, told apart by the name that a client calls.
package struct Entrances: Sendable {
    /// In the order of the settings.
    let all: [Entrance]
    /// Reads the name that a client calls; nil when there is one entrance, and nothing to tell apart.
    let reader: ServerNameReader?
    /// Whom it is believed who the client is; nil: the connection alone.
    let proxy: ProxyTrust?
    /// What a client may make TLS wait for.
    let limits: TLSLimits
    private let choice: EntranceChoice

    /// Entrances at one address; at least one.
    ///
    /// - Throws: when OpenSSL has no memory.
    init(
        _ all: [Entrance],
        proxy: ProxyTrust?,
        library: LibraryContext,
        limits: TLSLimits = TLSLimits()
    ) throws(TLSConfigurationError) {
        self.all = all
        self.proxy = proxy
        self.limits = limits
        choice = EntranceChoice(all.map { (hosts: $0.hosts, demandsFIPS: $0.demandsFIPS) })
        reader = all.count > 1 ? try ServerNameReader(library: library) : nil
    }

    /// Where a connection is counted until it is known whom it is for.
    var standard: Entrance { all[choice.standard] }

    /// Whom a client wants that calls this name.
    func entrance(calling name: String?) -> Entrance { all[choice.index(calling: name)] }
}

/// Which of several listeners a client wants that calls a name, or none.
///
/// No name, or one that is nobody's, leads to the first listener whose cloud does not demand FIPS: clients that are too
/// old for names, or have a wrong one, get its certificate, and 421 for a host that it does not serve. Where all demand
/// FIPS it is the first, whose TLS refuses a name that is not its own.
struct EntranceChoice: Sendable {
    /// The index of the one for clients that call nobody's name.
    let standard: Int
    private let byName: [String: Int]

    /// A choice among listeners with these hosts, in the order of the settings.
    init(_ listeners: [(hosts: [String], demandsFIPS: Bool)]) {
        standard = listeners.firstIndex { !$0.demandsFIPS } ?? 0
        var byName: [String: Int] = [:]
        for (index, listener) in listeners.enumerated() {
            for name in listener.hosts.compactMap({ ServerName.reading(name: $0.utf8) }) {
                // The settings have refused a name that two of them have.
                byName[name] = index
            }
        }
        self.byName = byName
    }

    /// The index of the listener for a name as `ServerName` reads it.
    func index(calling name: String?) -> Int {
        name.flatMap { byName[$0] } ?? standard
    }
}
