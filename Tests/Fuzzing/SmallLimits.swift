import HTTPTransport

/// Limits that inputs of some hundred bytes reach: the product's are the same code with larger numbers.
enum SmallLimits {
    /// What both versions of HTTP have.
    static let http: HTTPLimits = {
        var limits = HTTPLimits()
        limits.requestLineBytes = 96
        limits.fieldBytes = 64
        limits.headerBytes = 320
        limits.fields = 6
        limits.bodyBytes = 48
        limits.chunkExtensionBytes = 12
        limits.trailerBytes = 24
        limits.lingerBytes = 256
        return limits
    }()

    /// The same, of a connection on which each head is decoded.
    static let httpWithoutMemory: HTTPLimits = {
        var limits = http
        limits.knownHeadBytes = 0
        return limits
    }()

    /// What HTTP/2 has beside these.
    static let http2: HTTP2Limits = {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 4
        limits.requestsInWork = 3
        limits.streamWindowBytes = 40
        limits.bodyBytesAtOnce = 96
        limits.continuations = 2
        limits.settingsEntries = 6
        limits.acknowledgements = 4
        limits.queuedFrames = 20
        limits.resets = 4
        limits.resetsPerSecond = 2
        limits.idleFrames = 12
        limits.idleFramesPerSecond = 4
        limits.overheadBytes = 512
        limits.stalledBytes = 256
        limits.requests = 12
        limits.outputBatchBytes = 128
        return limits
    }()
}
