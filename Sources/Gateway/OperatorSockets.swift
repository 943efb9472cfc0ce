package import HTTPTransport
package import Logging
package import NIOCore
package import NIOPosix

/// A socket for operators, beside those of the clients.
package protocol OperatorSocket: Sendable {
    /// Stops listening, lets requests in work finish, and closes what is left at the deadline.
    func close(within limit: TimeAmount) async
}

/// How the sockets for operators are opened.
///
/// The server knows when, and not what they answer: whoever makes the server hands it in.
package struct OperatorSockets: Sendable {
    /// Opens one over a gateway; nil when the settings want none.
    ///
    /// Throws the system's error when the address cannot be bound.
    package typealias Opening =
        @Sendable (GatewayCore, MultiThreadedEventLoopGroup, HTTPLoops, Logger) async throws ->
        (any OperatorSocket)?

    /// The one for monitoring: first of all to be there, last to go, so that it tells of start and stop.
    let figures: Opening
    /// The one for orders: there when all listeners are, and gone before them.
    let orders: Opening

    /// Two sockets.
    package init(figures: @escaping Opening, orders: @escaping Opening) {
        self.figures = figures
        self.orders = orders
    }
}
