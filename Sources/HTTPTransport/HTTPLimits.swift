package import NIOCore

/// What one HTTP connection may ask of us before it is refused or closed.
///
/// The same limits hold for every version of HTTP; those of one wire format only say so. A limit is
/// the largest value still accepted. Sources: the product's list of limits, RFC 9110 §15.5, RFC 9112 §9.5.
package struct HTTPLimits: Sendable, Equatable {
    /// Bytes of the request line without CRLF.
    ///
    /// A filter of 8 KiB grows to 24 KiB when every byte of it is
    /// percent-encoded, and must still fit; what is longer is 414.
    package var requestLineBytes = 32 * 1024

    /// Bytes of one field line, name to value, without CRLF.
    ///
    /// Entra's longest field is a token of some hundred bytes.
    package var fieldBytes = 16 * 1024

    /// Bytes of all field lines of one request with their CRLFs.
    ///
    /// Beyond it is 431.
    package var headerBytes = 64 * 1024

    /// Field lines of one request.
    ///
    /// Many tiny fields cost more memory than their bytes show.
    package var fields = 100

    /// Bytes of a head above which it is not kept to read the next one by; 0 keeps none.
    ///
    /// A connection holds three of them while it is idle, one for each method.
    package var knownHeadBytes = 2048

    /// Field lines of a head above which it is not kept.
    ///
    /// Entra sends ten. Each takes some 150 bytes beside its own: three heads of a hundred tiny ones would be 45 KB of
    /// an idle connection, and nobody need have a token for that.
    package var knownHeadFields = 32

    /// Bytes of a request's body without its framing.
    ///
    /// A bulk request of 1,000 operations fits.
    package var bodyBytes = 1024 * 1024

    /// Bytes of all chunk extensions of one body (HTTP/1.1).
    ///
    /// They carry nothing for us (RFC 9112 §7.1.1), so a body that is mostly extensions is an attack on
    /// our time.
    package var chunkExtensionBytes = 1024

    /// Bytes of the trailer section of one body with its CRLFs.
    ///
    /// Trailers are read past and dropped.
    package var trailerBytes = 4 * 1024

    /// From the first byte of a head to its last, however steadily its bytes drip.
    ///
    /// Ends slow-header attacks.
    package var headerTimeout = TimeAmount.seconds(10)

    /// From the moment a body is asked for, or discarded, to its last byte: 1 MiB at 52 KiB/s.
    package var bodyTimeout = TimeAmount.seconds(20)

    /// How long a connection may stay open between requests.
    ///
    /// Entra pauses seconds between requests, proxies close at 60 s; whoever closes second never sees a
    /// reset.
    package var idleTimeout = TimeAmount.seconds(75)

    /// How long a reply may wait for the client to take any byte of it.
    package var replyStallTimeout = TimeAmount.seconds(30)

    /// How long we read on after the last answer of a connection, in HTTP/2 of a stream, so that a client
    /// still sending gets to read that answer instead of a reset (RFC 9112 §9.6).
    ///
    /// curl 7.88 forgets an answer that it has read when a reset follows at once.
    package var lingerTimeout = TimeAmount.seconds(5)

    /// Bytes read and thrown away while lingering.
    ///
    /// Four times the largest body: who sends more does not listen.
    package var lingerBytes = 4 * 1024 * 1024

    /// Bytes that may lie unread in the connection while a request is in work.
    ///
    /// Reading has stopped then, but the kernel hands over all it holds when the client half-closes: a
    /// whole largest request must fit.
    package var aheadBytes = 2 * 1024 * 1024

    /// The product's limits.
    package init() {}
}
