import Linux

/// Gives memory back to the system that the start and bursts of requests have left behind.
///
/// It stays with the process else, until it ends: an hour's flood would decide what the gateway takes for weeks.
struct MemoryUpkeep: Sendable {
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often memory is looked at: often enough that a burst is forgotten within a minute.
    static let interval = Duration.seconds(15)

    /// How many times as long as it took nothing is done: whoever allocates meanwhile has to wait, 5 ms with 40 MiB in
    /// small pieces and a tenth of a second with 300.
    static let restFactor = 1_000

    /// Works until the task is cancelled.
    func run() async {
        ProgramPages.giveBack()
        let rounds = RestingRounds(clock: clock, interval: Self.interval, restFactor: Self.restFactor)
        await rounds.run {
            if AllocatorMemory.idleBytes > GatewayLimits.idleMemoryBytes { AllocatorMemory.giveBack() }
        }
    }
}
