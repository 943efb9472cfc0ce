/// Lets go of moments whose readers are gone: an export that was cut off.
struct SnapshotUpkeep: Sendable {
    let core: GatewayCore
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often moments are looked at: a log grows by what is written meanwhile.
    static let interval = Duration.seconds(15)

    /// Works until the task is cancelled.
    func run() async {
        while true {
            do {
                try await clock.sleep(for: Self.interval)
            } catch {
                return
            }
            await core.snapshots.closeIdle(now: core.now())
        }
    }
}
