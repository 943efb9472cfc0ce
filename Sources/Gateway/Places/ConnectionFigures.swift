/// Connections of all listeners together: what `status` shows.
package struct ConnectionFigures: Codable, Sendable, Equatable {
    /// Open now.
    package var open: Int
    /// How many may be open.
    package var limit: Int
    /// How many of one address; of IPv6, of one /64.
    package var limitPerAddress: Int
    /// Handshakes in progress now.
    package var handshakes: Int
    /// How many may be in progress; beyond it a stalled one ends for each newcomer.
    package var handshakeLimit: Int
    /// Connections closed before HTTP, by reason, since the start.
    package var refused: [String: Int] = [:]
    /// Handshakes that came to nothing, by reason, since the start.
    package var failedHandshakes: [String: Int] = [:]
    /// How often taking connections was paused for want of descriptors or memory.
    package var pauses = 0
}
