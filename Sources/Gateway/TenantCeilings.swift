import Synchronization
package import Tenancy

/// Holds each tenant to its request ceiling: what comes above it waits its turn, and only what would wait too long is
/// refused.
///
/// Generic cell rate algorithm: one instant per tenant, the theoretical arrival of its next request. A request waits
/// until its own arrival, so requests of one tenant leave evenly and another tenant's never wait for them.
package final class TenantCeilings: Sendable {
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let arrivals = Mutex<[Tenant.ID: Duration]>([:])

    /// Ceilings by this clock; it is an argument so that tests need not wait.
    package init(clock: some Clock<Duration>) {
        let start = clock.now
        self.clock = clock
        self.elapsed = { start.duration(to: clock.now) }
    }

    /// Waits for the tenant's turn.
    ///
    /// Gives the seconds after which to come again when the wait would be too long.
    package func pass(_ tenant: Tenant.ID, _ limits: TenantLimits) async -> Int? {
        switch turn(of: tenant, limits) {
        case .now:
            return nil
        case .after(let delay):
            // A cancelled wait means that the client has gone: its request goes on to an answer nobody reads.
            try? await clock.sleep(for: delay)
            return nil
        case .refused(let delay):
            return max(1, Int(delay.components.seconds))
        }
    }

    private enum Turn {
        case now
        case after(Duration)
        case refused(Duration)
    }

    private func turn(of tenant: Tenant.ID, _ limits: TenantLimits) -> Turn {
        let interval = Duration.seconds(1) / max(1, limits.requestsPerSecond)
        let tolerance = interval * max(1, limits.burst)
        let now = elapsed()
        return arrivals.withLock { arrivals in
            let arrival = max(arrivals[tenant] ?? now, now)
            let wait = arrival - now - tolerance
            guard wait <= limits.queueTime else { return .refused(wait) }
            arrivals[tenant] = arrival + interval
            return wait > .zero ? .after(wait) : .now
        }
    }
}
