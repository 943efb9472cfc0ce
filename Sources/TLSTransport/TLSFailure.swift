/// Why a TLS connection ended otherwise than by close_notify.
///
/// Fired as an error through the pipeline.
package struct TLSFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The closed set of reasons; whose fault each is.
    package enum Code: String, Sendable {
        /// The peer's: it offers nothing that the policy allows, or what it sent is not TLS.
        case handshakeFailed
        /// The peer's: the handshake was not complete in time.
        case handshakeTimeout
        /// The peer's: TLS 1.2 without the extended master secret where the policy demands it.
        case extendedMasterSecretMissing
        /// The peer's, or the network's: the connection ended without close_notify.
        ///
        /// What came may be incomplete.
        case truncated
        /// The peer's, or the network's: a record after the handshake that does not decrypt.
        case badRecord
        /// The peer's: more messages after the handshake than `TLSLimits.postHandshakeMessages`.
        case tooManyMessages
        /// The peer's: more bytes than `TLSLimits.maxCiphertextAhead` without being asked.
        case ciphertextFlood
        /// The machine's: OpenSSL could not make a session; out of memory.
        case noSession
    }

    /// What happened.
    ///
    /// Two failures are equal when their codes are.
    package let code: Code
    /// OpenSSL's reasons, oldest first: fixed texts, no bytes of the peer.
    package let opensslReasons: [String]

    /// A failure with the reasons that OpenSSL left in its queue.
    package init(_ code: Code, opensslReasons: [String] = []) {
        self.code = code
        self.opensslReasons = opensslReasons
    }

    /// Safe for anyone: the code, and OpenSSL's fixed texts.
    package var description: String {
        opensslReasons.isEmpty
            ? code.rawValue : "\(code.rawValue) (\(opensslReasons.joined(separator: "; ")))"
    }

    /// Whether the codes are the same; reasons are for people.
    package static func == (left: TLSFailure, right: TLSFailure) -> Bool {
        left.code == right.code
    }
}
