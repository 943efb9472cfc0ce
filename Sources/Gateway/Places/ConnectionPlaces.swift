import Logging
import NIOCore
import Sharing
import Synchronization
import TLSTransport
import Tenancy

/// The places for connections, one object a process: whoever comes in takes one or is closed, and gives it back when the
/// connection closes.
package final class ConnectionPlaces: Sendable {
    private let state: Mutex<State>
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    private struct State {
        var book: PlaceBook
        var channels: [PlaceBook.Number: any Channel] = [:]
        var tally = MishapTally()
    }

    /// An empty house.
    init(_ limits: PlaceLimits, logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        state = Mutex(State(book: PlaceBook(limits)))
        self.logger = logger
        self.now = now
    }

    /// Takes a place for a new connection; nil when there is none for it, and it is to be closed.
    ///
    /// The peer is nil when a load balancer has yet to tell who is behind it. Whatever becomes of the connection, its place
    /// is free when the channel has closed.
    func take(for channel: any Channel, of peer: Peer?) -> ConnectionPlace? {
        let block = peer?.address.map(AddressBlock.init)
        let (verdict, victim) = state.withLock { state in
            let verdict = state.book.arrive(from: block)
            if case .admitted(let number, _) = verdict { state.channels[number] = channel }
            return (verdict, Self.victim(of: verdict, &state))
        }
        guard let number = carryOut(verdict, victim, block) else { return nil }
        channel.closeFuture.whenComplete { _ in self.giveBack(number) }
        return ConnectionPlace(number: number, places: self)
    }

    /// Sets how many connections there may be; those beyond it stay until they end.
    func limit(_ limits: PlaceLimits) {
        state.withLock { $0.book.limits = limits }
    }

    /// What is taken, and what was refused since the start.
    package var figures: ConnectionFigures {
        let (open, counts) = state.withLock { state in
            let figures = ConnectionFigures(
                open: state.book.connections,
                limit: state.book.limits.connections,
                limitPerAddress: state.book.limits.perAddress,
                handshakes: state.book.handshakesInProgress,
                handshakeLimit: state.book.limits.handshakes
            )
            return (figures, state.tally.counts)
        }
        var figures = open
        for (mishap, count) in counts {
            switch mishap {
            case .place, .prelude: figures.refused[mishap.word] = count
            case .handshake: figures.failedHandshakes[mishap.word] = count
            case .shortage: figures.pauses = count
            }
        }
        return figures
    }

    /// Counts what became of a connection that never reached HTTP, and logs it when a line is due.
    ///
    /// `peer` is the address, as the log shows it.
    func note(_ mishap: ConnectionMishap, peer: String?) {
        let time = now()
        guard let count = state.withLock({ $0.tally.note(mishap, at: time) }) else { return }
        var metadata: Logger.Metadata = [
            "error.type": .string(mishap.word), "count": .stringConvertible(count),
        ]
        if let peer { metadata["client.address"] = .string(peer) }
        switch mishap {
        case .place:
            metadata["event"] = "connection.refused"
            logger.warning("connections refused at a limit", metadata: metadata)
        case .prelude:
            metadata["event"] = "connection.refused"
            logger.info("connections refused", metadata: metadata)
        case .handshake(let code):
            metadata["event"] = "tls.failed"
            // Whoever looks whether the port is open leaves so: a load balancer's check, a scanner.
            let level: Logger.Level = code == .truncated ? .debug : .info
            logger.log(level: level, "handshakes failed", metadata: metadata)
        case .shortage:
            metadata["event"] = "accept.paused"
            logger.warning("no descriptor or memory for new connections: they wait", metadata: metadata)
        }
    }

    // MARK: What a place tells

    fileprivate func identify(_ number: PlaceBook.Number, as peer: Peer) -> Bool {
        guard let block = peer.address.map(AddressBlock.init) else { return true }
        let (verdict, victim) = state.withLock { state in
            let verdict = state.book.identify(number, as: block)
            return (verdict, Self.victim(of: verdict, &state))
        }
        return carryOut(verdict, victim, block) != nil
    }

    fileprivate func completeHandshake(_ number: PlaceBook.Number) -> Bool {
        state.withLock { $0.book.completeHandshake(number) }
    }

    fileprivate func handshakeFailed(_ number: PlaceBook.Number, _ code: TLSFailure.Code) {
        let block = state.withLock { $0.book.block(of: number) }
        note(.handshake(code), peer: block?.description)
    }

    private func giveBack(_ number: PlaceBook.Number) {
        state.withLock { state in
            state.book.leave(number)
            _ = state.channels.removeValue(forKey: number)
        }
    }

    /// The connection that is to be closed for a newcomer.
    private static func victim(of verdict: PlaceBook.Verdict, _ state: inout State) -> (any Channel)? {
        guard case .admitted(_, let ending?) = verdict else { return nil }
        return state.channels.removeValue(forKey: ending.number)
    }

    /// Closes a connection at once: its place is another's already, and its descriptor must not outlive that for long.
    private static func end(_ channel: any Channel) {
        // Before TLS begins nobody knows the event, and a failed handshake minds no close.
        channel.triggerUserOutboundEvent(TLSAbandonment(), promise: nil)
        channel.close(promise: nil)
    }

    /// Closes and counts, outside the lock; the place's number when there is one.
    private func carryOut(_ verdict: PlaceBook.Verdict, _ victim: (any Channel)?, _ block: AddressBlock?)
        -> PlaceBook.Number?
    {
        switch verdict {
        case .admitted(let number, let ending):
            if let victim { Self.end(victim) }
            if let ending { note(.place(ending.reason), peer: ending.block?.description) }
            return number
        case .refused(let reason):
            note(.place(reason), peer: block?.description)
            return nil
        }
    }
}

/// The place of one connection.
struct ConnectionPlace: Sendable {
    fileprivate let number: PlaceBook.Number
    fileprivate let places: ConnectionPlaces

    /// A load balancer has told whose the connection is; false when it must be closed.
    func belongs(to peer: Peer) -> Bool { places.identify(number, as: peer) }

    /// The handshake is complete; false when the connection has lost its place, and is being closed.
    func completesHandshake() -> Bool { places.completeHandshake(number) }

    /// The handshake came to nothing.
    func handshakeFailed(_ code: TLSFailure.Code) { places.handshakeFailed(number, code) }
}
