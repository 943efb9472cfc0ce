/// Where a TLS connection is, and what is to be done about what happens to it.
///
/// Pure: it touches no channel, no session, no clock. `TLSHandler` tells it what happened and
/// performs the action that it gets back. The way of a connection:
///
///     handshaking ──► open ──► closing(draining) ──► closing(awaitingPeer) ──► closed
///          │            │             │                                          ▲
///          └────────────┴─────────────┴──► closing(lingering) ───────────────────┤
///          └── too late, or cut ─────────────────────────────────────────────────┘
package struct TLSState: ~Copyable {
    private var phase = Phase.handshaking
    private var isDeaf = false

    /// What the handler is to do.
    package enum Action: Equatable {
        /// Nothing.
        case none
        /// Go on with the handshake; then `handshakeStepped`.
        case shakeHands
        /// Tell the pipeline that the handshake is complete, end its deadline.
        case announce
        /// Decrypt and hand on what nobody minds getting; then `decrypted`.
        case decrypt
        /// Decrypt to find close_notify, and throw the plaintext away; then `decrypted`.
        case discard
        /// The bytes are of no use: let them go.
        case drop
        /// Encrypt and send all that was flushed before the end, with a deadline; then `drained`.
        case drain
        /// Send close_notify; then wait for the peer's, with a deadline, or, when it has said it,
        /// close.
        case sendCloseNotify(thenClose: Bool)
        /// Send what the session has for the peer (an alert), tell the pipeline, end our side, and
        /// give the peer until a deadline to read it.
        case refuse(TLSFailure)
        /// Begin the deadline anew: something has moved.
        case rearm
        /// Close the channel now; tell the pipeline when there is a failure.
        case close(TLSFailure?)
    }

    private enum Phase {
        case handshaking
        case open
        case closing(Closing)
        case closed
    }

    private enum Closing {
        /// What was flushed before the end still leaves.
        case draining(peerIsDone: Bool)
        /// Our close_notify is sent, the peer's is awaited.
        case awaitingPeer
        /// Our last word is sent, the peer's are not listened to.
        case lingering
    }

    /// A connection whose peer has not spoken.
    package init() {}

    /// Whether the application may still write; it may before the handshake is complete.
    package var acceptsPlaintext: Bool {
        switch phase {
        case .handshaking, .open: true
        case .closing, .closed: false
        }
    }

    /// Whether plaintext of the peer is for the application.
    package var deliversPlaintext: Bool {
        if case .open = phase { true } else { false }
    }

    /// Whether plaintext of the application can be encrypted and sent.
    package var encrypts: Bool {
        switch phase {
        case .open, .closing(.draining): true
        case .handshaking, .closing, .closed: false
        }
    }

    /// Whether the handler must ask the channel for bytes though the application has not asked.
    package var readsByItself: Bool {
        switch phase {
        case .handshaking: true
        case .closing: !isDeaf
        case .open, .closed: false
        }
    }

    /// Whether bytes of the peer are read at all.
    package var listens: Bool { !isDeaf }

    /// Whether the connection is ending, and what the peer still sends is for nobody.
    package var isClosing: Bool {
        if case .closing = phase { true } else { false }
    }

    /// Ciphertext is at hand.
    package mutating func ciphertextArrived() -> Action {
        guard !isDeaf else { return .drop }
        return switch phase {
        case .handshaking: .shakeHands
        case .open: .decrypt
        case .closing(.draining(peerIsDone: false)), .closing(.awaitingPeer): .discard
        case .closing(.draining(peerIsDone: true)), .closing(.lingering), .closed: .drop
        }
    }

    /// The handshake went as far as it could.
    package mutating func handshakeStepped(_ step: TLSStep) -> Action {
        guard case .handshaking = phase else {
            preconditionFailure("a handshake outside of the handshake: \(phase)")
        }
        switch step {
        case .incomplete:
            return .none
        case .complete:
            phase = .open
            return .announce
        case .closed:
            phase = .closed
            return .close(TLSFailure(.handshakeFailed))
        case .failed(let failure):
            phase = .closing(.lingering)
            return .refuse(failure)
        }
    }

    /// All ciphertext at hand was decrypted, or the attempt ended.
    package mutating func decrypted(_ step: TLSStep) -> Action {
        switch (phase, step) {
        case (_, .complete), (_, .incomplete):
            return .none
        case (.open, .closed):
            phase = .closing(.draining(peerIsDone: true))
            return .drain
        case (.open, .failed(let failure)):
            phase = .closing(.lingering)
            return .refuse(failure)
        case (.closing(.draining), .closed):
            phase = .closing(.draining(peerIsDone: true))
            return .none
        case (.closing(.draining), .failed), (.closing(.awaitingPeer), .closed),
            (.closing(.awaitingPeer), .failed):
            phase = .closed
            return .close(nil)
        case (.handshaking, _), (.closing(.lingering), _), (.closed, _):
            return .none
        }
    }

    /// The application wants the connection to end.
    package mutating func closeRequested() -> Action {
        switch phase {
        case .handshaking:
            phase = .closed
            return .close(nil)
        case .open:
            phase = .closing(.draining(peerIsDone: false))
            return .drain
        case .closing, .closed:
            return .none
        }
    }

    /// All that was flushed is encrypted and handed to the channel.
    package mutating func drained() -> Action {
        switch phase {
        case .closing(.draining(let peerIsDone)):
            phase = .closing(peerIsDone ? .lingering : .awaitingPeer)
            return .sendCloseNotify(thenClose: peerIsDone)
        case .handshaking, .open, .closing, .closed:
            return .none
        }
    }

    /// The session, or a limit, gave up on the peer.
    package mutating func failed(_ failure: TLSFailure) -> Action {
        switch phase {
        case .handshaking, .open, .closing(.draining), .closing(.awaitingPeer):
            phase = .closing(.lingering)
            return .refuse(failure)
        case .closing(.lingering), .closed:
            return .none
        }
    }

    /// More came behind the end than an honest peer had on its way.
    ///
    /// It is read no more, so that it costs nothing more; the deadline ends the connection.
    package mutating func floodedAfterEnd() {
        if isClosing { isDeaf = true }
    }

    /// The deadline of the present phase is over; `hasMoved` tells whether plaintext left
    /// meanwhile.
    package mutating func deadlinePassed(hasMoved: Bool) -> Action {
        switch phase {
        case .handshaking:
            phase = .closed
            return .close(TLSFailure(.handshakeTimeout))
        case .closing(.draining) where hasMoved:
            return .rearm
        case .closing:
            phase = .closed
            return .close(nil)
        case .open, .closed:
            return .none
        }
    }

    /// The peer has ended its side of the channel, or the channel is gone.
    ///
    /// Without close_notify that is truncation: somebody on the way may have cut it (RFC 8446
    /// §6.1).
    package mutating func inputEnded() -> Action {
        defer { phase = .closed }
        switch phase {
        case .handshaking, .open: return .close(TLSFailure(.truncated))
        case .closing: return .close(nil)
        case .closed: return .none
        }
    }
}
