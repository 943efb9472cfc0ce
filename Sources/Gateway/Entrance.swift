import HTTPTransport
import NIOCore
import TLSTransport

/// One listener of the settings, as connections meet it: the certificate that it shows, and who answers.
package struct Entrance: Sendable {
    /// What TLS shows.
    let certificate: CertificateInForce
    /// The host names under which it is called; empty is any.
    let hosts: [String]
    /// Whether the listener's cloud demands FIPS.
    let demandsFIPS: Bool
    /// What its clients may ask of us.
    let limits: HTTPLimits
    /// Where handshakes are counted.
    var tallies = RequestTallies(loops: 1)
    /// Answers requests.
    let respond: @Sendable (IncomingRequest, Peer) async -> Reply
    /// Writes the answer to what is no request.
    let refuse: Refuse
    /// Is told why a connection was ended before its time.
    let faulted: @Sendable (HTTP2Fault, Peer) -> Void
    /// The connections that are for it.
    let connections = OpenConnections()

    /// Puts TLS and HTTP on a connection, behind whatever handlers it has.
    ///
    /// Call it on the channel's event loop.
    func install(
        on channel: any Channel,
        of peer: Peer,
        in place: ConnectionPlace,
        loops: HTTPLoops,
        tls limits: TLSLimits
    ) throws {
        let loop = loops[channel.eventLoop]
        let (tally, began) = (tallies[loop.number], channel.eventLoop.now)
        let took: () -> Int = { Int((channel.eventLoop.now - began).nanoseconds / 1_000_000) }
        let serve: (HTTPVersion, TLSHandshakeCompleted) throws -> Void = {
            [limits = self.limits, connections, respond, refuse, faulted] version, handshake in
            tally.countHandshake(handshake.version, milliseconds: took())
            guard place.completesHandshake() else { throw PlaceLost() }
            let peer = peer.showing(certificate: handshake.clientFingerprint).over(
                tls: handshake.version.word
            ).on(loop: loop.number)
            let counted: Respond = { request in
                connections.beganRequest()
                defer { connections.endedRequest() }
                return await respond(request, peer)
            }
            switch version {
            case .one:
                try HTTP1Handler.install(
                    on: channel,
                    loop: loop,
                    limits: limits,
                    respond: counted,
                    refuse: refuse
                )
            case .two:
                try HTTP2Handler.install(
                    on: channel,
                    loop: loop,
                    limits: limits,
                    respond: counted,
                    refuse: refuse,
                    faulted: { faulted($0, peer) }
                )
            }
        }
        try channel.pipeline.syncOperations.addHandlers([
            TLSHandler(context: certificate.context, limits: limits, putOff: loop.atEndOfTurn),
            ProtocolChoice(
                install: serve,
                failed: {
                    tally.countHandshake(nil, milliseconds: took())
                    place.handshakeFailed($0)
                }
            ),
        ])
    }

    /// The handshake was complete just when the connection was ended for a newcomer.
    private struct PlaceLost: Error {}
}
