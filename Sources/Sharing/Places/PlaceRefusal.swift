/// Which limit cost a connection its place.
package enum PlaceRefusal: String, Sendable {
    /// There are as many connections as there may be: the newcomer was closed.
    case connections
    /// There are as many from its address: the newcomer was closed.
    case connectionsPerAddress = "connections_per_address"
    /// There are as many handshakes in progress as there may be: a stalled one was closed for a newcomer.
    case handshakes
    /// There are as many from one address: its oldest was closed for a newcomer from there.
    case handshakesPerAddress = "handshakes_per_address"
}
