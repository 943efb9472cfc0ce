/// How many connections the gateway holds, and how many of them whose handshake is not complete.
package struct PlaceLimits: Sendable, Equatable {
    /// TCP connections in all.
    ///
    /// Each holds a descriptor and some ten KiB; beyond it a newcomer is closed.
    package var connections: Int
    /// TCP connections of one ``AddressBlock``; beyond it a newcomer from there is closed.
    ///
    /// So that nobody takes the places of all others.
    package var perAddress: Int
    /// Handshakes in progress in all; beyond it one that is stalled ends for each newcomer.
    ///
    /// A half-open handshake costs its sender nothing and us memory for ten seconds.
    package var handshakes: Int
    /// Handshakes in progress of one ``AddressBlock``; beyond it its oldest ends for each newcomer from there.
    package var handshakesPerAddress: Int

    /// The limits that follow from the settings.
    /// - Parameters:
    ///   - connections: TCP connections in all.
    ///   - perAddress: Those of one block; nil: 2,000, and no more than half of all.
    ///   - loops: Event loops, for a machine that has more of them completes more handshakes a second.
    package init(connections: Int, perAddress: Int?, loops: Int) {
        self.connections = connections
        self.perAddress = perAddress ?? min(Self.perAddress, max(connections / 2, 1))
        handshakes = min(Self.handshakesPerLoop * loops, max(connections / 2, Self.fewestHandshakes))
        handshakesPerAddress = max(handshakes / 2, 1)
    }

    /// Connections of one block when the settings name no number: a load balancer that does not say who is behind it
    /// shows one address for all its clients, and keeps some hundred open.
    private static let perAddress = 2_000
    /// Handshakes in progress for each event loop.
    ///
    /// One loop completes some 1,500 a second, each of which waits 100 to 200 ms for the network: with fewer places a rush
    /// of honest clients would push itself out.
    private static let handshakesPerLoop = 512
    /// Handshakes in progress however few connections there may be: a client opens some at once.
    private static let fewestHandshakes = 16
}
