package import NIOCore
import Synchronization

/// The open connections of a listener, so that a stop can wait for them, and the requests in work on them.
package final class OpenConnections: Sendable {
    private let state = Mutex(State())
    private let requests = Atomic(0)

    /// None yet.
    package init() {}

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// A stop has begun: whoever comes later would be missed by it.
        var isEnding = false
    }

    /// How many are open.
    package var count: Int { state.withLock { $0.channels.count } }

    /// How many requests are being worked on.
    var requestsInWork: Int { requests.load(ordering: .relaxed) }

    /// The work on a request begins.
    func beganRequest() {
        requests.wrappingAdd(1, ordering: .relaxed)
    }

    /// The work on a request has ended, whatever became of its client.
    func endedRequest() {
        requests.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Keeps a connection until it closes.
    ///
    /// - Throws: ``IsEnding`` once a stop has begun; the connection is to be closed then.
    package func open(_ channel: any Channel) throws(IsEnding) {
        let key = ObjectIdentifier(channel)
        let isTaken = state.withLock { state in
            if !state.isEnding { state.channels[key] = channel }
            return !state.isEnding
        }
        guard isTaken else { throw IsEnding() }
        channel.closeFuture.whenComplete { _ in self.left(channel) }
    }

    /// Hands a connection over to another listener, whose it turns out to be; at every moment one of them has it.
    ///
    /// - Throws: ``IsEnding`` when the other takes none any more; the connection is to be closed then.
    func move(_ channel: any Channel, to other: OpenConnections) throws(IsEnding) {
        guard other !== self else { return }
        try other.open(channel)
        left(channel)
    }

    /// A stop has begun, which would miss a new connection.
    package struct IsEnding: Error {}

    private func left(_ channel: any Channel) {
        state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Takes no connection any more, asks each to end after the request in work, and closes those that have not by the
    /// deadline.
    package func quiesce(within limit: TimeAmount, on loop: any EventLoop) async {
        let open = state.withLock { state in
            state.isEnding = true
            return Array(state.channels.values)
        }
        guard !open.isEmpty else { return }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        let deadline = loop.scheduleTask(in: limit) {
            for channel in open { channel.close(promise: nil) }
        }
        for channel in open {
            // The close future only fails when closing failed, and then the connection is gone as well.
            try? await channel.closeFuture.get()
        }
        deadline.cancel()
    }
}
