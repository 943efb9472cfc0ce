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
    /// Answers requests.
    let respond: @Sendable (IncomingRequest, Peer) async -> Reply
    /// Writes the answer to what is no request.
    let refuse: Refuse
    /// The connections that are for it.
    let connections = OpenConnections()

    /// Puts TLS and HTTP on a connection, behind whatever handlers it has.
    ///
    /// Call it on the channel's event loop.
    func install(on channel: any Channel, of peer: Peer, loops: HTTPLoops, tls limits: TLSLimits) throws {
        try channel.pipeline.syncOperations.addHandler(
            TLSHandler(context: certificate.context, limits: limits)
        )
        let respond = respond
        try HTTP1Handler.install(
            on: channel,
            loop: loops[channel.eventLoop],
            limits: self.limits,
            respond: { await respond($0, peer) },
            refuse: refuse
        )
    }
}
