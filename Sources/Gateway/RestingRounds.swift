/// Work in the background that is done again and again, and that rests so much longer than it took that it never has more
/// than a small share of one processor.
struct RestingRounds: Sendable {
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>
    /// Before the first round, and the shortest rest after one.
    let interval: Duration
    /// The shortest rest in times of what the round before it took.
    let restFactor: Int

    /// Does a round after each rest, until the task is cancelled.
    func run(_ round: () async -> Void) async {
        var rest = interval
        while true {
            do {
                try await clock.sleep(for: rest)
            } catch {
                return
            }
            let took = await clock.measure { await round() }
            rest = max(interval, took * restFactor)
        }
    }
}
