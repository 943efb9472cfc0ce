internal import CLinux
internal import Glibc

/// Which threads go first where all processors have work (sched(7)).
///
/// An event loop has another tenant's request to read; what a store or an export does takes long at once. Left equal, a loop
/// was seen to wait 2 ms for the writer that it had just handed a change to.
package struct ThreadPrecedence: Sendable, Equatable {
    /// `SCHED_OTHER` or `SCHED_BATCH` of sched.h.
    private let policy: UInt32
    /// -20 to 19; a difference of 5 is a third of the weight.
    private let niceness: Int32
    /// Nanoseconds that it runs at once; 0 for the kernel's default, some milliseconds.
    let slice: UInt64

    /// For threads that answer: as important as the process, and served within a tenth of a millisecond.
    ///
    /// Who asks for short slices is let in before who asks for long ones (Linux 6.12); with it, p99 of another tenant beside
    /// groups of 1,000 members and beside exports went from 2.1 and 2.3 ms to 1.5 and 1.7 (`deploy/bench --neighbours`).
    package static var answering: ThreadPrecedence {
        ThreadPrecedence(policy: other, niceness: ofProcess, slice: 100_000)
    }

    /// For threads whose work takes long at once: a third of a loop's weight.
    ///
    /// As a batch, one that a loop wakes does not take the loop's place.
    package static var standingBack: ThreadPrecedence {
        ThreadPrecedence(policy: batch, niceness: min(lowest, ofProcess + distance), slice: 0)
    }

    /// What the calling thread has; nil where the kernel does not tell.
    package static var current: ThreadPrecedence? {
        var (policy, niceness, slice): (UInt32, Int32, UInt64) = (0, 0, 0)
        guard unsafe gateway_precedence(&policy, &niceness, &slice) == 0 else { return nil }
        return ThreadPrecedence(policy: policy, niceness: niceness, slice: slice)
    }

    /// Gives it to the calling thread, in 0.3 µs.
    ///
    /// Where it is refused, as by some containers, threads are equal: nothing fails for it.
    package func take() {
        _ = gateway_take_precedence(policy, niceness, slice)
    }

    /// Whether who has this waits for who has the other, where both have work.
    package func isBehind(_ other: ThreadPrecedence) -> Bool {
        niceness > other.niceness && policy == Self.batch
    }

    /// That of the main thread: what nice(1) and systemd set.
    private static var ofProcess: Int32 {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid()))
    }

    private static let other: UInt32 = 0
    private static let batch: UInt32 = 3
    private static let distance: Int32 = 5
    private static let lowest: Int32 = 19
}
