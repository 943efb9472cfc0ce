import HTTPTransport
import NIOCore
import NIOEmbedded

/// What came of what one HTTP/2 client did, on a connection in memory whose time passes when the client lets it.
struct HTTP2Conversation {
    /// The messages that became requests, in order.
    let messages: [HTTPMessage]
    /// The most requests that were worked on at the same time.
    let mostInWork: Int
    /// Requests that are worked on after the end.
    let leftInWork: Int
    /// Bytes that the client sent.
    let received: Int
    /// All that the client was sent.
    let sent: [UInt8]

    /// Takes the steps, then closes.
    ///
    /// In pieces, each read comes as several.
    init(_ steps: [HTTP2Script.Step], inPieces: Bool) {
        let record = RequestRecord()
        let end = WireEnd()
        let channel = EmbeddedChannel.connected(to: end) { channel in
            try HTTP2Handler.install(
                on: channel,
                loop: HTTPLoop(channel.eventLoop, clock: { 0 }),
                limits: SmallLimits.http,
                http2: SmallLimits.http2,
                respond: record.respond,
                refuse: record.refuse
            )
        }
        var received = 0
        for step in steps {
            switch step {
            case .bytes(let bytes):
                received += bytes.count
                for piece in inPieces ? Cuts.chosen(by: bytes) : [bytes[...]] { channel.receive(piece) }
            case .answers: record.open()
            case .time(let tenths): channel.embeddedEventLoop.advanceTime(by: .milliseconds(tenths * 100))
            case .goingDown: channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            channel.embeddedEventLoop.run()
        }
        channel.leave()
        record.open()
        channel.embeddedEventLoop.run()
        messages = record.messages
        mostInWork = record.mostInWork
        leftInWork = record.inWork
        sent = end.sent
        self.received = received
    }
}
