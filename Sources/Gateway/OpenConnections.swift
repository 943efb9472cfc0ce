import NIOCore
import Synchronization

/// The open connections of a listener, so that a stop can wait for them, and the requests in work on them.
final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let requests = Atomic(0)

    /// How many are open.
    var count: Int { channels.withLock { $0.count } }

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
    func opened(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { _ = $0.removeValue(forKey: key) }
        }
    }

    /// Keeps a connection no longer: it is another listener's.
    func left(_ channel: any Channel) {
        channels.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Asks each connection to end after the request in work, and closes those that have not by the deadline.
    func quiesce(within limit: TimeAmount, on loop: any EventLoop) async {
        let open = channels.withLock { Array($0.values) }
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
