import NIOCore
import Tenancy

/// One tenant's request ceiling: so many requests a second, and so many at once above that.
///
/// Generic cell rate algorithm: all it knows is when the next request would come if requests came evenly. One that comes
/// earlier than that by more than the burst must wait.
struct Ceiling: Equatable {
    /// The theoretical arrival of the next request.
    private var arrival: NIODeadline

    /// A ceiling that nothing has come under yet.
    init(now: NIODeadline) {
        arrival = now
    }

    /// When the next request may pass; a time that is over means now.
    func opens(_ limits: TenantLimits) -> NIODeadline {
        let slack = Self.interval(limits) * max(1, limits.burst)
        // A clock that began lately has not room for the whole burst before it.
        return arrival.uptimeNanoseconds > UInt64(slack.nanoseconds) ? arrival - slack : .uptimeNanoseconds(0)
    }

    /// A request passes.
    mutating func passed(_ limits: TenantLimits, now: NIODeadline) {
        arrival = max(arrival, now) + Self.interval(limits)
    }

    /// Whether it is as good as new.
    func isIdle(now: NIODeadline) -> Bool { arrival <= now }

    /// Between two requests that come evenly.
    static func interval(_ limits: TenantLimits) -> TimeAmount {
        .nanoseconds(1_000_000_000 / Int64(max(1, limits.requestsPerSecond)))
    }
}
