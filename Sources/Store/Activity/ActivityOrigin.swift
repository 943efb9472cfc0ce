package import Tenancy

/// Who caused an entry of the activity log, from where, and by which request.
///
/// Known before anything is done, and the same for every entry that one request leaves.
package struct ActivityOrigin: Sendable, Equatable {
    /// The client's dialect or `client`, `probe:NAME`, `operator:NAME`, or `system`.
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
    /// Whose network that address is in; nil when no list of networks is known.
    package var network: SourceNetwork?
    /// `1.2` or `1.3`.
    package var tlsVersion: String?
    /// `1.1` or `2`.
    package var httpVersion: String?
    /// What the client calls itself, as ``ClientName`` leaves it.
    package var userAgent: String?
    /// How the request departed from the RFC and was understood all the same: `active_as_string`.
    package var quirks: [String] = []

    /// An origin of which no more is known than who.
    package init(actor: String) {
        self.actor = actor
    }
}
