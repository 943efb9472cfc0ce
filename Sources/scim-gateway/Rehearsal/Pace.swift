/// Lets requests go at an even pace, whoever sends them.
actor Pace {
    private let interval: Duration
    private let clock: ContinuousClock
    private var next: ContinuousClock.Instant

    /// So many a second; nil is as many as there are.
    init?(perSecond: Int?, clock: ContinuousClock = ContinuousClock()) {
        guard let perSecond else { return nil }
        interval = .seconds(1) / perSecond
        self.clock = clock
        next = clock.now
    }

    /// Waits for the next place; a cancelled task does not wait.
    func wait() async {
        // Places that nobody took are not made up for: they would come as a burst.
        next = max(next + interval, clock.now)
        let place = next
        // Cancelled: the work ends of itself.
        try? await clock.sleep(until: place)
    }
}
