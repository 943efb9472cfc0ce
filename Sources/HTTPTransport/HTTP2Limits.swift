package import NIOCore

/// What one HTTP/2 connection may ask of us, beside `HTTPLimits`.
///
/// A limit is the largest value still accepted. nghttp2 1.52 ends some floods by itself and lets others go on for
/// ever; what it has an option for is set there, the rest is counted by `PeerBudget`. Sources: RFC 9113 §6.5.2 and
/// §10.5, CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671, CVE-2026-49975.
package struct HTTP2Limits: Sendable, Equatable {
    /// Streams that may be open at the same time (SETTINGS_MAX_CONCURRENT_STREAMS).
    ///
    /// RFC 9113 §6.5.2 advises 100 at least; without the setting there is no limit.
    package var concurrentStreams = 100

    /// Requests that are worked on at the same time, those of streams that were reset included.
    ///
    /// A client that takes requests back as fast as it sends them starts no more than this (CVE-2023-44487).
    package var requestsInWork = 100

    /// Bytes of a body that may come before anybody has asked for it (SETTINGS_INITIAL_WINDOW_SIZE).
    ///
    /// The protocol's own default: most bodies fit, and need no round trip.
    package var streamWindowBytes = 65_535

    /// Bytes of bodies on their way to us, all streams together.
    ///
    /// 1 MiB at 100 ms of round trip is 80 Mbit/s.
    package var connectionWindowBytes = 1024 * 1024

    /// Bytes of bodies that are read or held for requests in work, all streams together.
    ///
    /// Eight of the largest; a request whose body does not fit waits until others are done with theirs.
    package var bodyBytesAtOnce = 8 * 1024 * 1024

    /// Bytes of the table that our decoder keeps of earlier header fields (SETTINGS_HEADER_TABLE_SIZE).
    ///
    /// The protocol's own default. 0 keeps bearer tokens out of it, for some 200 bytes more in each request.
    package var headerTableBytes = 4096

    /// CONTINUATION frames of one header block: with the first frame 80 KiB, more than a block may have.
    package var continuations = 4

    /// How many times over its limits a header block must be to end the connection instead of its request.
    ///
    /// What is only over the limit is answered; what is far over it is not even decoded to its end.
    package var headerFloodFactor = 2

    /// Header blocks over their limits on one connection: one is an accident, two are an attack.
    package var largeHeaders = 1

    /// Entries of one SETTINGS frame: RFC 9113 knows six.
    package var settingsEntries = 16

    /// Acknowledgements of SETTINGS and PING that wait to be sent.
    package var acknowledgements = 100

    /// Frames of ours that wait to be sent, DATA aside.
    ///
    /// Ten for each stream.
    package var queuedFrames = 1000

    /// Requests that the client may take back at once; and each second, once these are used up.
    package var resets = 200
    /// See `resets`.
    package var resetsPerSecond = 20

    /// Frames without use (PRIORITY, PING, SETTINGS, empty DATA, unknown types) that the client may send at
    /// once; and each second, once these are used up.
    package var idleFrames = 300
    /// See `idleFrames`.
    package var idleFramesPerSecond = 20

    /// Idle frames that one reset which the client made us send counts for (CVE-2025-8671).
    package var resetCost = 5

    /// WINDOW_UPDATE frames that are no idle ones, for each DATA frame of ours: one for the stream, one for the
    /// connection.
    package var windowUpdatesPerData = 2

    /// Bytes on the wire that need be part of no request, beside `overheadShare` times those that are.
    ///
    /// Together with the share: 2 MiB of frames without any request.
    package var overheadBytes = 256 * 1024
    /// How many bytes on the wire may stand for one that is part of a request.
    package var overheadShare = 8

    /// Bytes of replies that the client has asked for and leaves no window for, once `stallGrace` is over.
    ///
    /// Beyond it the connection ends before `HTTPLimits.replyStallTimeout` does (CVE-2026-49975).
    package var stalledBytes = 1024 * 1024
    /// How long replies of more than `stalledBytes` may wait for any window.
    package var stallGrace = TimeAmount.seconds(5)

    /// How long the client may take to acknowledge our SETTINGS, its own preface included.
    package var settingsTimeout = TimeAmount.seconds(10)

    /// How long requests may still come after the first GOAWAY, unless the client shows sooner that it has it.
    package var shutdownNotice = TimeAmount.seconds(1)

    /// How long requests in work may take after the last GOAWAY.
    package var drainTimeout = TimeAmount.seconds(30)

    /// How long a connection lives before it is asked to end.
    package var lifetime = TimeAmount.hours(1)

    /// Requests of one connection before it is asked to end: a busy client connects again every few minutes.
    package var requests = 1_000_000

    /// Bytes of frames that are made before the channel is asked whether it takes more.
    package var outputBatchBytes = 64 * 1024

    /// The product's limits.
    package init() {}
}
