import Foundation
import Synchronization

/// A program with the faults that a sanitizer is there for, and two without: `deploy/sanitize` trusts no build in which
/// the first are not found, or one of the last is.
@main enum Probe {
    static func main() async {
        switch CommandLine.arguments.dropFirst().first {
        case "lock": countUnderLock()
        case "answer": await handOver()
        case "race": race()
        case "overrun": readBehindTheEnd()
        default: exit(64)
        }
        exit(0)
    }

    /// No fault: threads that wait for one another.
    private static func countUnderLock() {
        let tally = Tally()
        inTwoThreads { _ in
            for _ in 0..<100_000 { tally.lock.withLock { _ in tally.number += 1 } }
        }
    }

    /// No fault: answers made on another thread, before or after somebody waits for them.
    private static func handOver() async {
        let queue = DispatchQueue(label: "answers")
        for number in 0..<20_000 {
            let answer: [Int] = await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: Array(repeating: number, count: 8)) }
                if number % 2 == 0 { queue.sync {} }
            }
            if answer.count != 8 { exit(1) }
        }
    }

    /// The second thread changes what the first has changed, and nothing that orders memory says that it has.
    private static func race() {
        let tally = Tally()
        inTwoThreads { turn in
            while tally.turns.load(ordering: .relaxed) != turn {}
            tally.number += 1
            tally.turns.add(1, ordering: .relaxed)
        }
    }

    private static func readBehindTheEnd() {
        let room = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        room.initialize(to: 1)
        exit(room[CommandLine.arguments.count - 1] == 1 ? 0 : 1)
    }

    private static func inTwoThreads(_ work: @escaping @Sendable (Int) -> Void) {
        let done = DispatchSemaphore(value: 0)
        for turn in 0..<2 {
            Thread {
                work(turn)
                done.signal()
            }.start()
        }
        for _ in 0..<2 { done.wait() }
    }
}

/// A number that two threads change.
// SAFETY: none without the lock, and that is what it is for.
private final class Tally: @unchecked Sendable {
    var number = 0
    let lock = Mutex(())
    let turns = Atomic(0)
}
