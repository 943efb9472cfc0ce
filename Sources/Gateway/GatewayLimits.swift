/// The gateway's own bounds, beside those of HTTP, TLS and SCIM.
package enum GatewayLimits {
    /// Seconds in `Retry-After` while a tenant is paused: Entra comes back every 40 minutes anyway.
    package static let pausedRetrySeconds = 600
    /// Seconds in `Retry-After` when a store cannot serve: long enough for a reopen, short for a cycle.
    package static let unavailableRetrySeconds = 10
    /// Milliseconds in which a connection is not read after a 401: a client that has its token wrong does not notice, and
    /// one that tries tokens takes less from others.
    package static let unauthorizedPauseMilliseconds: Int64 = 50
    /// Connections that wait to be accepted: the kernel's own ceiling is lower on most machines.
    package static let backlog: Int32 = 1024
    /// Seconds that requests in work get to finish when the gateway stops.
    package static let shutdownSeconds: Int64 = 20
    /// Bytes of one order through the admin socket: a whole file of networks, or lines of an archive with what escapes them.
    package static let importBytes = 64 * 1024 * 1024
    /// Bytes of a `SCIM-Notes` field: far below what proxies and clients take for one field, and room for some
    /// thirty names.
    package static let notesFieldBytes = 1_024
    /// Lines of one listener in a second about connections that ended for a fault; further ones are counted.
    package static let faultLinesPerSecond = 10
    /// Bytes of memory that were freed and are kept resident for later: a tenth of what an idle gateway takes.
    package static let idleMemoryBytes = 4 * 1024 * 1024
    /// Milliseconds in which log lines are gathered behind one that was written at once: nobody reads faster.
    package static let logPauseMilliseconds: Int64 = 5
    /// Connections to the address of the figures at the same time: a few scrapers and probes, and each look at thousands of
    /// tenants takes a thread.
    package static let metricsConnections = 16
    /// Seconds that a connection to that address may stand still, between requests or in the middle of one: whoever reads
    /// the figures is near, and nobody may keep the others out by doing nothing.
    package static let metricsIdleSeconds: Int64 = 5
    /// Tenants, and refused files, that have series of their own in the figures: more is much for a monitoring that keeps
    /// each for months.
    package static let labelledNames = 500
    /// Bytes of log lines that wait for a slow reader of stderr; further lines are counted and dropped.
    package static let pendingLogBytes = 4 * 1024 * 1024
    /// Bytes of a body that an event loop interprets itself: some 0.3 ms, in which it reads nobody else's requests.
    package static let loopBodyBytes = 16 * 1024
    /// Resources, members and groups that an event loop writes into one answer itself: some 0.3 ms, likewise.
    package static let loopAnswerParts = 250
}
