import NIOCore
import NIOPosix
import Synchronization
package import Tenancy

/// Hands out turns to the requests of all tenants, by ``TurnLine``.
///
/// One for the process: all profiles share its threads and memory. A request that need not wait takes one lock, and no
/// timer; those that wait share one.
package final class Turns: Sendable {
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> NIODeadline
    private let state: Mutex<State>

    /// What the lock protects.
    private struct State {
        var line: TurnLine
        /// Those that wait, and those whose answer came before they began to wait.
        var waiters: [TurnLine.Ticket: Waiter] = [:]
        /// When the timer runs that looks at the line again.
        var wakesAt: NIODeadline?
        var counts = TurnCounts()
        /// Turns that have ended since their loop last looked at its sockets.
        var ending: [ObjectIdentifier: [Ended]] = [:]

        /// Takes those out that wait, with what they are told; one that is not there yet finds its answer.
        mutating func answers(_ tickets: [TurnLine.Ticket], _ refusal: TurnRefusal?) -> Answers {
            tickets.compactMap { ticket in
                guard case .waiting(let continuation) = waiters.removeValue(forKey: ticket) else {
                    waiters[ticket] = .answered(refusal)
                    return nil
                }
                return (continuation, refusal)
            }
        }
    }

    /// One that waits.
    private enum Waiter {
        case waiting(CheckedContinuation<TurnRefusal?, Never>)
        case answered(TurnRefusal?)
    }

    /// What a turn that has ended gives back.
    fileprivate struct Ended {
        let tenant: Tenant.ID
        let bodyBytes: Int
    }

    /// Answers to be given once the lock is free.
    private typealias Answers = [(CheckedContinuation<TurnRefusal?, Never>, TurnRefusal?)]

    /// Turns by this clock; it is an argument so that tests need not wait.
    package init(limits: TurnLimits = TurnLimits(), clock: some Clock<Duration>) {
        let start = clock.now
        self.clock = clock
        self.elapsed = { .uptimeNanoseconds(0) + TimeAmount(start.duration(to: clock.now)) }
        state = Mutex(State(line: TurnLine(limits)))
    }

    /// What is in work, waits and was refused, for `status`.
    package var counts: TurnCounts {
        state.withLock { state in
            var counts = state.counts
            counts.inWork = state.line.inWork
            counts.waiting = state.line.waiting
            counts.bodyBytes = state.line.bodyBytes
            return counts
        }
    }
}

// MARK: - What a request does

extension Turns {
    /// Waits for the request's turn.
    ///
    /// Give it back by ``ended(_:)``, once, when the work on the request has ended. `bodyBytes` is what its body has at
    /// most.
    package func turn(for scope: TenantScope, bodyBytes: Int) async throws(TurnRefusal) -> Turn {
        try await wait(for: .request(bodyBytes: bodyBytes), scope.tenant)
        return Turn(scope: scope, bodyBytes: bodyBytes)
    }

    /// The work on a request has ended, whatever became of its client.
    ///
    /// On an event loop its place is free only once the loop is done with what is at hand: reads never suspend, and a flood
    /// of them would be answered to its end before anybody else's were even seen.
    package func ended(_ turn: Turn) {
        let ended = Ended(tenant: turn.scope.tenant.id, bodyBytes: turn.bodyBytes)
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else {
            free([ended])
            return
        }
        let isFirst = state.withLock { $0.ending[ObjectIdentifier(loop), default: []].isFirst(adding: ended) }
        if isFirst { loop.execute { self.free(on: loop) } }
    }

    /// A request with a turn waits for what its tenant's ceiling lets through next, as if it came anew.
    ///
    /// Others may have its place meanwhile. It keeps its turn, also when it is refused.
    package func nextOperation(of turn: Turn) async throws(TurnRefusal) {
        answer { line, now in line.rests(now: now) }
        do throws(TurnRefusal) {
            try await wait(for: .operation, turn.scope.tenant)
        } catch {
            state.withLock { $0.line.goesOn() }
            throw error
        }
    }

    /// Receives the body of a request with a turn, while others may have its place.
    ///
    /// Bytes that drip keep room for a body from their own tenant, and nothing from others.
    package func receiving<Body, Failure: Error>(_ body: () async throws(Failure) -> Body)
        async throws(Failure) -> Body
    {
        answer { line, now in line.rests(now: now) }
        defer { state.withLock { $0.line.goesOn() } }
        return try await body()
    }
}

// MARK: - Waiting

extension Turns {
    private func wait(for demand: TurnLine.Demand, _ tenant: Tenant) async throws(TurnRefusal) {
        let asked = state.withLock { state in
            let now = elapsed()
            let answer = state.line.asked(demand, tenant.id, tenant.limits, now: now)
            if case .refuse(let refusal) = answer { state.counts.refused(refusal) }
            return answer
        }
        switch asked {
        case .begin: return
        case .refuse(let refusal): throw refusal
        case .wait(let ticket):
            if let refusal = await wait(ticket, of: tenant.id) { throw refusal }
        }
    }

    private func wait(_ ticket: TurnLine.Ticket, of tenant: Tenant.ID) async -> TurnRefusal? {
        setTimer()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: TurnRefusal?? = state.withLock { state in
                    // Its turn may have come, or its client gone, since it was put into the line.
                    if case .answered(let answer) = state.waiters.removeValue(forKey: ticket) {
                        return answer
                    }
                    state.waiters[ticket] = .waiting(continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let gone = state.withLock { state -> Answers in
                guard state.line.left(ticket, of: tenant) else { return [] }
                return state.answers([ticket], .abandoned)
                    + state.answers(state.line.next(now: elapsed()), nil)
            }
            Self.give(gone)
        }
    }

    private func free(on loop: any EventLoop) {
        let (ended, mustBreathe) = state.withLock { state in
            (state.ending.removeValue(forKey: ObjectIdentifier(loop)) ?? [], state.line.waiting > 0)
        }
        if mustBreathe {
            loop.scheduleTask(in: TurnLimits.breath) { self.free(ended) }
        } else {
            free(ended)
        }
    }

    private func free(_ turns: [Ended]) {
        answer { line, now in
            turns.flatMap { line.ended($0.tenant, bodyBytes: $0.bodyBytes, now: now) }
        }
    }

    /// Lets the line decide, and answers those whose turn it is.
    private func answer(_ decide: (inout TurnLine, NIODeadline) -> [TurnLine.Ticket]) {
        let answers = state.withLock { state -> Answers in
            let begun = decide(&state.line, elapsed())
            return begun.isEmpty ? [] : state.answers(begun, nil)
        }
        Self.give(answers)
    }

    private static func give(_ answers: Answers) {
        for (continuation, refusal) in answers { continuation.resume(returning: refusal) }
    }

    /// Makes sure that the line is looked at when time alone changes something.
    private func setTimer() {
        let timer = state.withLock { state -> (NIODeadline, TimeAmount)? in
            let now = elapsed()
            // Not at each request's own instant: many are due within a moment.
            let soon = now + TurnLimits.timerSpacing
            guard state.wakesAt ?? .distantFuture > soon, let wake = state.line.wakes(now: now) else {
                return nil
            }
            let time = max(wake, soon)
            guard time < state.wakesAt ?? .distantFuture else { return nil }
            state.wakesAt = time
            return (time, time - now)
        }
        guard let (time, delay) = timer else { return }
        // Nobody awaits it: it ends by itself, and what it does is answer those that do wait.
        Task {
            // Nobody cancels it.
            try? await clock.sleep(for: .nanoseconds(delay.nanoseconds))
            timePassed(time)
        }
    }

    private func timePassed(_ time: NIODeadline) {
        let answers = state.withLock { state -> Answers in
            // An earlier one was set meanwhile, and has set the next.
            guard state.wakesAt == time else { return [] }
            let now = elapsed()
            state.wakesAt = nil
            // First those that may begin: what has its turn at its last moment is not late.
            var answers = state.answers(state.line.next(now: now), nil)
            for (ticket, refusal) in state.line.late(now: now) {
                state.counts.refused(refusal)
                answers += state.answers([ticket], refusal)
            }
            return answers + state.answers(state.line.next(now: now), nil)
        }
        Self.give(answers)
        setTimer()
    }
}

extension [Turns.Ended] {
    /// Adds one; tells whether it is the first.
    fileprivate mutating func isFirst(adding ended: Turns.Ended) -> Bool {
        append(ended)
        return count == 1
    }
}
