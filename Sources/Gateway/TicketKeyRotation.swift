import TLSTransport

/// Gives every profile's session tickets a fresh key when the present one is old.
struct TicketKeyRotation: Sendable {
    let keys: [TicketKeys]
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// Works until the task is cancelled.
    func run() async {
        while true {
            do {
                try await clock.sleep(for: .seconds(TicketKeys.period))
            } catch {
                return
            }
            for ring in keys { ring.rotate() }
        }
    }
}
