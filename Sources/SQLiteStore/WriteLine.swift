/// Which queue of writes has the next turn, and how many workers take turns, as a pure machine.
///
/// Each worker takes the queue that has waited longest, for one group of writes, until none waits. To wake a thread costs
/// as much as a small write does: one is woken only for a queue that would else wait for those at work.
struct WriteLine<Queue> {
    private let workers: Int
    private var atWork = 0
    private var waiting: ArraySlice<Queue> = []

    /// An empty line, for so many workers.
    init(workers: Int) {
        self.workers = workers
    }

    /// A queue waits; true when one more worker is to come for it.
    mutating func add(_ queue: Queue) -> Bool {
        waiting.append(queue)
        guard atWork < workers else { return false }
        atWork += 1
        return true
    }

    /// A queue has had its turn and waits for another: the worker that it had comes back to the line itself.
    mutating func addAgain(_ queue: Queue) {
        waiting.append(queue)
    }

    /// The queue that has waited longest; nil when none does: then the worker is not at work any more.
    mutating func next() -> Queue? {
        // A slice keeps what was taken from it.
        defer { if waiting.isEmpty { waiting = [] } }
        guard let queue = waiting.popFirst() else {
            atWork -= 1
            return nil
        }
        return queue
    }
}
