import TLSTransport
import Testing

@Suite("The life of a TLS connection, without a connection")
struct TLSStateTests {
    private let failure = TLSFailure(.badRecord)

    @Test func `a clean life from handshake to both close_notify`() {
        var state = TLSState()

        #expect(state.ciphertextArrived() == .shakeHands)
        #expect(state.handshakeStepped(.incomplete) == .none)
        #expect(state.ciphertextArrived() == .shakeHands)
        #expect(state.handshakeStepped(.complete) == .announce)
        #expect(state.ciphertextArrived() == .decrypt)
        #expect(state.decrypted(.incomplete) == .none)
        #expect(state.closeRequested() == .drain)
        #expect(state.drained() == .sendCloseNotify(thenClose: false))
        #expect(state.ciphertextArrived() == .discard)
        #expect(state.decrypted(.closed) == .close(nil))
        #expect(state.inputEnded() == .none)
    }

    @Test func `the peer's close_notify drains, is answered, and closes`() {
        var state = opened()

        #expect(state.decrypted(.closed) == .drain)
        #expect(state.ciphertextArrived() == .drop)
        #expect(state.drained() == .sendCloseNotify(thenClose: true))
        #expect(state.deadlinePassed(hasMoved: true) == .close(nil))
    }

    @Test func `close_notify that crosses ours while draining is not waited for`() {
        var state = opened()

        #expect(state.closeRequested() == .drain)
        #expect(state.ciphertextArrived() == .discard)
        #expect(state.decrypted(.closed) == .none)
        #expect(state.drained() == .sendCloseNotify(thenClose: true))
    }

    @Test func `a failed handshake is refused and lingers until the deadline`() {
        var state = TLSState()

        #expect(state.handshakeStepped(.failed(failure)) == .refuse(failure))
        #expect(state.ciphertextArrived() == .drop)
        #expect(state.closeRequested() == .none)
        #expect(state.failed(failure) == .none)
        #expect(state.deadlinePassed(hasMoved: true) == .close(nil))
        #expect(state.deadlinePassed(hasMoved: true) == .none)
    }

    @Test func `a damaged record is refused`() {
        var state = opened()

        #expect(state.decrypted(.failed(failure)) == .refuse(failure))
        #expect(state.drained() == .none)
    }

    @Test func `draining goes on while something moves and no longer`() {
        var state = opened()
        _ = state.closeRequested()

        #expect(state.deadlinePassed(hasMoved: true) == .rearm)
        #expect(state.deadlinePassed(hasMoved: false) == .close(nil))
    }

    @Test func `the end without close_notify is truncation before and after the handshake`() {
        var early = TLSState()
        var late = opened()

        #expect(early.inputEnded() == .close(TLSFailure(.truncated)))
        #expect(late.inputEnded() == .close(TLSFailure(.truncated)))
        #expect(late.inputEnded() == .none)
    }

    @Test func `the end while closing is no failure`() {
        var draining = opened()
        _ = draining.closeRequested()
        var waiting = opened()
        _ = waiting.closeRequested()
        _ = waiting.drained()

        #expect(draining.inputEnded() == .close(nil))
        #expect(waiting.inputEnded() == .close(nil))
    }

    @Test func `a flood behind the end is not listened to, one before it is the application's`() {
        var open = opened()
        var closing = opened()
        _ = closing.closeRequested()

        open.floodedAfterEnd()
        closing.floodedAfterEnd()

        #expect(open.listens && open.ciphertextArrived() == .decrypt)
        #expect(!closing.listens && closing.ciphertextArrived() == .drop && !closing.readsByItself)
        #expect(closing.drained() == .sendCloseNotify(thenClose: false))
        #expect(closing.deadlinePassed(hasMoved: false) == .close(nil))
    }

    @Test func `a handshake that takes too long or is unwanted ends at once`() {
        var late = TLSState()
        var unwanted = TLSState()

        #expect(late.deadlinePassed(hasMoved: false) == .close(TLSFailure(.handshakeTimeout)))
        #expect(unwanted.closeRequested() == .close(nil))
    }

    @Test func `writing is for before the end, encrypting for after the handshake`() {
        var state = TLSState()
        #expect(state.acceptsPlaintext && !state.encrypts && !state.deliversPlaintext && state.readsByItself)

        _ = state.handshakeStepped(.complete)
        #expect(state.acceptsPlaintext && state.encrypts && state.deliversPlaintext && !state.readsByItself)

        _ = state.closeRequested()
        #expect(!state.acceptsPlaintext && state.encrypts && !state.deliversPlaintext && state.readsByItself)

        _ = state.drained()
        #expect(!state.acceptsPlaintext && !state.encrypts && !state.deliversPlaintext && state.readsByItself)

        _ = state.decrypted(.failed(failure))
        #expect(
            !state.acceptsPlaintext && !state.encrypts && !state.deliversPlaintext && !state.readsByItself
        )
    }

    private func opened() -> TLSState {
        var state = TLSState()
        _ = state.handshakeStepped(.complete)
        return state
    }
}
