import Synchronization

/// Tells a moment for measuring spans: an argument, so that tests need no waiting.
package typealias MonotonicClock = @Sendable () -> ContinuousClock.Instant

/// How much work a connection may do before SQLite's progress handler stops it.
///
/// Not Sendable: it belongs to its connection, and is only touched by the thread that uses it.
final class WorkAllowance {
    /// What is left.
    var rest: Rest = .unlimited

    /// A bound on work.
    enum Rest {
        /// No bound: writes, which are bounded by what they are asked.
        case unlimited
        /// So many more steps of SQLite's virtual machine: for reads on an event loop.
        case steps(Int)
        /// For so long, or until nobody waits any longer: for searches on the thread pool.
        case until(ContinuousClock.Instant, MonotonicClock, Cancellation, span: Duration)
    }

    /// How many steps of the virtual machine lie between two calls of the handler: a few microseconds.
    static let stepsPerCall = 200

    /// Counts one call of the progress handler; true stops the statement.
    func isSpentByCall() -> Bool {
        if case .steps(let count) = rest { rest = .steps(count - Self.stepsPerCall) }
        return isSpent
    }

    /// Whether nothing is left.
    var isSpent: Bool {
        switch rest {
        case .unlimited: false
        case .steps(let count): count < 0
        case .until(let deadline, let now, let cancellation, _): cancellation.isRequested || now() >= deadline
        }
    }

    /// Begins the time of a search anew: for work that is as long as it was asked to be, page by page.
    ///
    /// Steps on an event loop stay counted: such a read moves to a thread.
    func renew() {
        guard case .until(_, let now, let cancellation, let span) = rest else { return }
        rest = .until(now().advanced(by: span), now, cancellation, span: span)
    }

    /// Stops a search between two rows, where SQLite does not count our own work.
    ///
    /// - Throws: ``SQLiteError/interruption`` when nothing is left.
    func check() throws(SQLiteError) {
        if isSpent { throw SQLiteError.interruption }
    }
}

/// Whether the caller of a search has gone.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Whether the search may stop.
    var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Lets the search stop.
    func request() { flag.store(true, ordering: .relaxed) }
}
