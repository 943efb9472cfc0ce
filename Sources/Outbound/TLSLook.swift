/// What a handshake showed of a server: nothing was asked of it, and nobody was trusted.
package struct TLSLook: Sendable {
    /// The version that was agreed on: `TLSv1.3`.
    package let version: String
    /// The suite, by OpenSSL's name.
    package let suite: String
    /// The certificates that the server sent, its own first.
    package let chain: ServerChain
    /// The address that was connected to.
    package let address: String
    /// Milliseconds from the connected socket to the agreement.
    package let milliseconds: Int
}
