package import NIOCore

/// How long and how much a TLS connection may keep the gateway waiting.
package struct TLSLimits: Sendable {
    /// From the connection's start to the end of the handshake.
    ///
    /// A client that has sent half a ClientHello and rests holds memory for
    /// nothing.
    package var handshakeTimeout: TimeAmount = .seconds(10)
    /// Each step of a clean end: while what was written leaves, without progress; then while the
    /// peer's close_notify or the end of its bytes is awaited.
    ///
    /// Long enough for one lost packet to be sent again twice.
    package var closeTimeout: TimeAmount = .seconds(5)
    /// Ciphertext held because nobody above has asked for plaintext, bytes.
    ///
    /// Twice what one read of a NIO channel brings (4 × 64 KiB): reading stops long before, and
    /// only a peer that ends its side with its bytes still in the kernel can make the channel read
    /// on.
    package var maxCiphertextAhead = 512 * 1024
    /// Ciphertext that is read, to find the peer's close_notify, once we have ended the connection,
    /// bytes.
    ///
    /// Four times the window of an HTTP/2 connection: an honest peer has no more on its way, or reads
    /// our answer meanwhile. Whoever sends on is not worth decrypting for until `closeTimeout`.
    package var maxCiphertextIgnored = 4 * 1024 * 1024
    /// Messages of the handshake layer that a peer may send after the handshake (KeyUpdate, refused
    /// renegotiations), count for the connection's life.
    ///
    /// A key lasts 2²⁴ records; each message costs us a key schedule, so that a flood of them is
    /// cheap to send and dear to serve.
    package var postHandshakeMessages = 32
    /// Plaintext encrypted before the channel is asked whether it is still writable, bytes: four
    /// full records.
    package var encryptionBatch = 64 * 1024

    /// The limits of production.
    package init() {}
}
