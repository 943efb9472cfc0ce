package import NIOCore

/// How much may be in work, and how much may wait for it.
///
/// A limit is the largest value still accepted.
package struct TurnLimits: Sendable, Equatable {
    /// Requests of all tenants that are worked on at the same time.
    ///
    /// Also what is answered before the sockets are looked at again: some 10 ms of reads on one loop. What is above waits
    /// here, where it is fair, and not in a thread's line, where it is not.
    package var inWork = 512

    /// Requests of one tenant in work, those that receive their body or go on with a bulk included.
    ///
    /// Two groups of the store's commits (`SQLiteLimits.batchJobs`), one on its way to the disk and one that gathers: more
    /// would make no tenant faster.
    package var inWorkOfTenant = 128

    /// Requests of all tenants that wait; beyond it a new one is 503 at once.
    ///
    /// At some 4 KiB each, 64 MiB, and about what two cores answer in a second.
    package var waiting = 16_384

    /// Requests of one tenant that wait; beyond it a new one is 429 at once.
    ///
    /// Twice what the standard ceiling lets through in the standard `queue_time`: the second half waits for its 429 only,
    /// which slows a client down that does not heed `Retry-After`.
    package var waitingOfTenant = 2_048

    /// Requests that are told at once that they have waited long enough; the others are told at the next looks at the line.
    ///
    /// Those that came together would come back together, and hold up a loop by a thousand answers and as many requests.
    package var lateAtOnce = 16

    /// The same, of one tenant: 2,000 a second at most, twice what a full line of the standard ceiling comes to.
    package var lateOfTenantAtOnce = 4

    /// Bytes of bodies of all tenants that are received or held.
    package var bodyBytes = 256 * 1024 * 1024

    /// Bytes of bodies of one tenant that are received or held: a quarter, 64 of the largest.
    package var bodyBytesOfTenant = 64 * 1024 * 1024

    /// Bytes of a body that may be here before anybody has asked for it: the window of an HTTP/2 stream, or one read of an
    /// HTTP/1 connection.
    ///
    /// So much counts for each request with a body that waits; those of a tenant, and of all, have `bodyBytesOfTenant` and
    /// `bodyBytes` once more.
    package var aheadBytes = 65_535

    /// Seconds of `Retry-After`, at most: no client is sent away for longer than its cycle would bear.
    package var retrySeconds: Int64 = 30

    /// Seconds of `Retry-After` when the gateway as a whole has too much to do: about what it takes to work off a full
    /// line.
    package var overloadRetrySeconds: Int64 = 2

    /// Entries of tenants that are kept before those that owe nothing are looked for and forgotten.
    package var rememberedTenants = 256

    /// Between two looks at the line that time alone asks for: 500 a second pass a ceiling two at a time then.
    package static let timerSpacing = TimeAmount.milliseconds(2)

    /// How long turns that have ended are kept while somebody waits for one, so that the loop looks at its sockets before
    /// it goes on: it does not while there is something to do at once.
    package static let breath = TimeAmount.microseconds(20)

    /// How long at least a connection is not read that was refused at once: a client that does not heed `Retry-After` asks again
    /// every two seconds on each stream, and not as fast as it can.
    package static let pause = TimeAmount.seconds(2)

    /// The product's limits.
    package init() {}
}
