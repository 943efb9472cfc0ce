import HTTPTransport
import NIOEmbedded

/// What came of the bytes that one HTTP/1 client sent, on a connection in memory on which no time passes.
struct HTTP1Conversation {
    /// The messages that became requests, in order.
    let messages: [HTTPMessage]
    /// How many times the connection refused what was no request.
    let refusals: Int
    /// All that the client was sent.
    let sent: [UInt8]
    /// Final answers that the client was sent.
    let answers: Int

    /// Sends pieces, one read each, then closes.
    init(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits) {
        let record = RequestRecord()
        let end = WireEnd()
        let channel = EmbeddedChannel.connected(to: end) { channel in
            try HTTP1Handler.install(
                on: channel,
                loop: HTTPLoop(channel.eventLoop, clock: { 0 }),
                limits: limits,
                respond: record.respond,
                refuse: record.refuse
            )
        }
        for piece in pieces {
            channel.receive(piece)
            record.open()
            channel.embeddedEventLoop.run()
        }
        channel.leave()
        messages = record.messages
        refusals = record.refusals
        sent = end.sent
        // No body of ours holds a status line.
        let text = String(decoding: end.sent, as: UTF8.self)
        answers = text.ranges(of: "HTTP/1.1 ").count - text.ranges(of: "HTTP/1.1 100 ").count
    }
}
