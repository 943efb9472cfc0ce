package import Tenancy

/// Who caused an entry of the activity log, from where, and by which request.
///
/// Known before anything is done, and the same for every entry that one request leaves.
package struct ActivityOrigin: Sendable, Equatable {
    /// `client` for a connection's token, `operator:NAME`, or `system`.
    package var actor: String
    /// The connection; nil for an operator.
    package var connection: Connection.ID?
    /// The group that the connection fills.
    package var targetGroup: TargetGroup.ID?
    /// The public id of the token.
    package var tokenID: AccessToken.ID?
    /// `X-Request-Id` of the answer.
    package var requestID: String?
    /// Method and route: `PATCH /Users/{id}`.
    package var operation: String?
    /// The peer's address, without its port.
    package var clientAddress: String?
    /// `1.1` or `2`.
    package var httpVersion: String?
    /// What the client calls itself, cut and cleaned by ``clean(userAgent:)``.
    package var userAgent: String?

    /// An origin of which no more is known than who.
    package init(actor: String) {
        self.actor = actor
    }

    /// Bytes of a client's name that are kept: those of directories are shorter.
    package static let userAgentBytes = 100

    /// The client's name as it can be kept and shown on a terminal: printable ASCII, cut.
    ///
    /// Every other byte becomes a question mark.
    package static func clean(userAgent: String) -> String {
        String(
            decoding: userAgent.utf8.prefix(userAgentBytes).map {
                (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?")
            },
            as: UTF8.self
        )
    }
}
