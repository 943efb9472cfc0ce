import NIOCore
import NIOEmbedded
import TLSTransport
import Testing

@Suite("The TLS handler in an embedded channel")
struct TLSHandlerTests {
    @Test(arguments: [1, 100, .max])
    func `the agreement is told before the plaintext`(piece: Int) throws {
        let pair = try ClientOnChannel()
        #expect(try pair.shakeHands(piece: piece))

        pair.client.write(Array("hello".utf8))
        try pair.exchange(piece: piece)

        #expect(pair.above.events == [.agreement, .plaintext, .readComplete])
        #expect(pair.above.plaintext == Array("hello".utf8))
    }

    @Test func `a request in the same read as the end of the handshake is delivered after the agreement`()
        throws
    {
        let pair = try ClientOnChannel()
        _ = pair.client.shakeHands()
        try pair.exchange()
        #expect(pair.client.shakeHands())
        pair.client.write([7])

        try pair.exchange()

        #expect(pair.above.events == [.agreement, .plaintext, .readComplete])
    }

    @Test func `writes up to a flush leave as one record in one write`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()

        for text in ["HTTP/1.1 200", " OK\r\n", "\r\n"] {
            pair.channel.write(ByteBuffer(string: text), promise: nil)
        }
        #expect(try pair.sent().isEmpty)
        pair.channel.flush()

        let sent = try pair.sent()
        #expect(sent.map(records) == [1])
        for buffer in sent { pair.client.receive(Array(buffer.readableBytesView)) }
        #expect(pair.client.read() == Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
    }

    @Test func `answers given while a read goes on leave together at its end`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        pair.above.answer = { context in
            context.writeAndFlush(NIOAny(ByteBuffer(string: "answer")), promise: nil)
        }
        pair.client.write([1])
        let first = pair.client.takeCiphertext()
        pair.client.write([2])
        let second = pair.client.takeCiphertext()

        pair.channel.pipeline.fireChannelRead(ByteBuffer(bytes: first))
        pair.channel.pipeline.fireChannelRead(ByteBuffer(bytes: second))
        #expect(try pair.sent().isEmpty)
        pair.channel.pipeline.fireChannelReadComplete()

        #expect(pair.above.reads == 2)
        #expect(try pair.sent().map(records) == [1])
    }

    @Test func `answers that are put off leave when they are called for, in one record`() throws {
        var actions: [() -> Void] = []
        let pair = try ClientOnChannel(putOff: { actions.append($0) })
        #expect(try pair.shakeHands() && actions.isEmpty)

        for text in ["first", " and second"] {
            pair.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
        #expect(try pair.sent().isEmpty)
        for action in actions { action() }

        let sent = try pair.sent()
        #expect(actions.count == 1 && sent.map(records) == [1])
        for buffer in sent { pair.client.receive(Array(buffer.readableBytesView)) }
        #expect(pair.client.read() == Array("first and second".utf8))
    }

    @Test func `a connection that ends does not wait for answers that are put off, and sends them first`()
        throws
    {
        var actions: [() -> Void] = []
        let pair = try ClientOnChannel(putOff: { actions.append($0) })
        _ = try pair.shakeHands()
        pair.channel.writeAndFlush(ByteBuffer(string: "last"), promise: nil)

        pair.channel.close(mode: .output, promise: nil)

        for buffer in try pair.sent() { pair.client.receive(Array(buffer.readableBytesView)) }
        #expect(pair.client.read() == Array("last".utf8))
        for action in actions { action() }
        #expect(try pair.sent().isEmpty)
    }

    @Test func `what was put off is forgotten when the channel is gone`() throws {
        var actions: [() -> Void] = []
        let pair = try ClientOnChannel(putOff: { actions.append($0) })
        _ = try pair.shakeHands()
        pair.channel.writeAndFlush(ByteBuffer(string: "late"), promise: nil)

        pair.channel.pipeline.fireChannelInactive()
        pair.channel.close(promise: nil)
        pair.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        for action in actions { action() }

        #expect(try pair.sent().isEmpty)
    }

    @Test func `a channel that is not writable gets no more, and the rest once it is`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        let reply = [UInt8](repeating: 9, count: 300_000)

        setWritable(pair, false)
        pair.channel.writeAndFlush(ByteBuffer(bytes: reply), promise: nil)
        #expect(try pair.sent().isEmpty)
        setWritable(pair, true)

        let sent = try pair.sent()
        // 64 KiB of plaintext a batch: 4 full records.
        #expect(sent.map(records) == [4, 4, 4, 4, 3])
        for buffer in sent { pair.client.receive(Array(buffer.readableBytesView)) }
        #expect(pair.client.read() == reply)
    }

    @Test func `a write's promise is kept when its bytes have left and broken when they never will`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        let kept = pair.channel.eventLoop.makePromise(of: Void.self)
        let empty = pair.channel.eventLoop.makePromise(of: Void.self)
        let broken = pair.channel.eventLoop.makePromise(of: Void.self)

        pair.channel.write(ByteBuffer(string: "sent"), promise: kept)
        pair.channel.write(ByteBuffer(), promise: empty)
        pair.channel.flush()
        pair.channel.write(ByteBuffer(string: "never flushed"), promise: broken)
        pair.channel.close(promise: nil)

        #expect(throws: Never.self) { try kept.futureResult.wait() }
        #expect(throws: Never.self) { try empty.futureResult.wait() }
        #expect(throws: ChannelError.self) { try broken.futureResult.wait() }
    }

    @Test func `what is flushed before the handshake leaves after it`() throws {
        let pair = try ClientOnChannel()

        pair.channel.writeAndFlush(ByteBuffer(string: "early"), promise: nil)
        #expect(try pair.sent().isEmpty)
        _ = try pair.shakeHands()

        #expect(pair.client.read() == Array("early".utf8))
    }

    @Test func `nothing is decrypted for a handler that does not ask`() throws {
        let pair = try ClientOnChannel()
        pair.above.asksForMore = false
        _ = try pair.shakeHands()
        pair.client.write([1])
        try pair.exchange()

        pair.client.write([2])
        try pair.exchange()
        #expect(pair.above.plaintext == [1])
        pair.channel.read()

        #expect(pair.above.plaintext == [1, 2])
    }

    /// A channel that reads automatically asks once for each read of the socket: if what was held satisfied it
    /// alone, nobody would ever read the socket again.
    @Test func `a read that what is held satisfies still reaches the socket`() throws {
        let pair = try ClientOnChannel()
        pair.above.asksForMore = false
        _ = try pair.shakeHands()
        pair.client.write([1])
        try pair.exchange()
        pair.client.write([2])
        try pair.exchange()
        let before = pair.below.reads

        pair.channel.read()

        #expect(pair.above.plaintext == [1, 2])
        #expect(pair.below.reads > before)
    }

    @Test(arguments: [(0, false), (1, true)])
    func `ciphertext nobody asks for is held up to the limit`(excess: Int, isRefused: Bool) throws {
        var limits = TLSLimits()
        limits.maxCiphertextAhead = 20_000
        let pair = try ClientOnChannel(limits: limits)
        pair.above.asksForMore = false
        _ = try pair.shakeHands()
        pair.client.write([1])
        try pair.exchange()

        pair.channel.pipeline.fireChannelRead(ByteBuffer(repeating: 0, count: 20_000 + excess))
        pair.channel.pipeline.fireChannelReadComplete()

        #expect(pair.above.events.contains(.failure(TLSFailure(.ciphertextFlood))) == isRefused)
    }

    @Test func `the handshake has ten seconds and no more`() throws {
        let pair = try ClientOnChannel()
        _ = pair.client.shakeHands()
        let hello = pair.client.takeCiphertext()
        pair.channel.pipeline.fireChannelRead(ByteBuffer(bytes: hello.dropLast()))

        pair.channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(pair.channel.isActive)
        pair.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))

        #expect(!pair.channel.isActive)
        #expect(pair.above.events == [.failure(TLSFailure(.handshakeTimeout)), .inactive])
    }

    @Test func `a handshake in time ends the deadline`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()

        pair.channel.embeddedEventLoop.advanceTime(by: .hours(1))

        #expect(pair.channel.isActive)
    }

    @Test func `closing says close_notify and waits for the peer's`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()

        pair.channel.writeAndFlush(ByteBuffer(string: "last"), promise: nil)
        pair.channel.close(promise: nil)
        try pair.exchange()
        #expect(pair.client.read() == Array("last".utf8))
        #expect(pair.client.hasSeenCloseNotify)
        #expect(pair.channel.isActive)
        pair.client.write([1, 2, 3])
        pair.client.sayCloseNotify()
        try pair.exchange()

        #expect(!pair.channel.isActive)
        #expect(pair.above.events == [.agreement, .inactive])
    }

    @Test func `a peer that never says close_notify is left after five seconds`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        pair.channel.close(promise: nil)

        pair.channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
        #expect(pair.channel.isActive)
        pair.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))

        #expect(!pair.channel.isActive)
    }

    @Test func `a connection that is abandoned waits for nothing`() throws {
        let pair = try ClientOnChannel()
        #expect(try pair.shakeHands())
        pair.channel.close(promise: nil)
        #expect(pair.channel.isActive)

        pair.channel.triggerUserOutboundEvent(TLSAbandonment(), promise: nil)

        #expect(!pair.channel.isActive)
    }

    @Test func `a handshake that is abandoned is no failure`() throws {
        let pair = try ClientOnChannel()

        pair.channel.triggerUserOutboundEvent(TLSAbandonment(), promise: nil)

        #expect(!pair.channel.isActive)
        #expect(pair.above.events == [.inactive])
    }

    @Test(arguments: [(0, true), (1, false)])
    func `a peer that sends on after the end is read up to the limit`(excess: Int, isRead: Bool) throws {
        var limits = TLSLimits()
        limits.maxCiphertextIgnored = 16_000
        let pair = try ClientOnChannel(limits: limits)
        _ = try pair.shakeHands()
        pair.channel.close(promise: nil)
        // Less than the record it claims to be, so that it is not yet found to be none.
        let bytes = ByteBuffer(bytes: [23, 3, 3, 64, 0] + [UInt8](repeating: 0, count: 9_995))

        pair.channel.pipeline.fireChannelRead(bytes)
        pair.channel.pipeline.fireChannelReadComplete()
        let before = pair.below.reads
        pair.channel.pipeline.fireChannelRead(ByteBuffer(repeating: 0, count: 6_000 + excess))
        pair.channel.pipeline.fireChannelReadComplete()

        #expect((pair.below.reads > before) == isRead)
        pair.channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!pair.channel.isActive)
    }

    @Test func `closing waits for what a slow reader has still to get, as long as it reads`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        setWritable(pair, false)
        pair.channel.writeAndFlush(ByteBuffer(repeating: 9, count: 10), promise: nil)
        pair.channel.close(promise: nil)

        pair.channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
        #expect(pair.channel.isActive)
        setWritable(pair, true)
        try pair.exchange()

        #expect(pair.client.read().count == 10)
        #expect(pair.client.hasSeenCloseNotify)
    }

    @Test func `the peer's close_notify is answered after the reply to what came with it`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        pair.above.answer = { context in
            context.writeAndFlush(NIOAny(ByteBuffer(string: "answer")), promise: nil)
        }
        pair.client.write([1])
        pair.client.sayCloseNotify()

        try pair.exchange()

        #expect(pair.client.read() == Array("answer".utf8))
        #expect(pair.client.hasSeenCloseNotify)
        #expect(!pair.channel.isActive)
    }

    @Test func `closing from inside a read throws away what follows and ends cleanly`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        pair.above.answer = { $0.close(promise: nil) }
        for _ in 0..<20 { pair.client.write([UInt8](repeating: 1, count: 16_384)) }
        pair.client.sayCloseNotify()

        try pair.exchange()

        #expect(pair.above.reads == 1)
        #expect(!pair.channel.isActive)
        #expect(!pair.above.events.contains { if case .failure = $0 { true } else { false } })
    }

    @Test func `a connection that ends without close_notify is truncated`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()

        pair.channel.pipeline.fireChannelInactive()

        #expect(pair.above.events == [.agreement, .failure(TLSFailure(.truncated)), .inactive])
    }

    @Test func `a half-closed connection is truncated and closed`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()

        pair.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)

        #expect(pair.above.events == [.agreement, .failure(TLSFailure(.truncated)), .inactive])
    }

    @Test func `a changed record is answered by an alert and the end`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        pair.client.write([1])
        var ciphertext = pair.client.takeCiphertext()
        ciphertext[ciphertext.count - 1] ^= 1

        pair.channel.pipeline.fireChannelRead(ByteBuffer(bytes: ciphertext))
        pair.channel.pipeline.fireChannelReadComplete()

        #expect(pair.above.events.contains(.failure(TLSFailure(.badRecord))))
        #expect(try pair.sent().count == 1)
        #expect(!pair.channel.isActive)
    }

    /// A handler above that closes, writes or reads in answer to anything must not confuse the one
    /// below.
    @Test func `a write from the failure of another one is refused, not lost in a crash`() throws {
        let pair = try ClientOnChannel()
        _ = try pair.shakeHands()
        let first = pair.channel.eventLoop.makePromise(of: Void.self)
        let second = pair.channel.eventLoop.makePromise(of: Void.self)
        let channel = pair.channel
        first.futureResult.assumeIsolated().whenFailure { _ in
            channel.writeAndFlush(ByteBuffer(string: "again"), promise: second)
        }

        pair.channel.write(ByteBuffer(string: "never flushed"), promise: first)
        pair.channel.close(promise: nil)

        #expect(throws: ChannelError.self) { try second.futureResult.wait() }
    }

    private func setWritable(_ pair: ClientOnChannel, _ isWritable: Bool) {
        pair.channel.isWritable = isWritable
        pair.channel.pipeline.fireChannelWritabilityChanged()
    }

    /// TLS records in the bytes: RFC 8446 §5.1, five bytes of header of which the last two are the
    /// length.
    private func records(_ buffer: ByteBuffer) -> Int {
        var rest = buffer
        var count = 0
        while let header = rest.readBytes(length: 5), let length = header.last {
            rest.moveReaderIndex(forwardBy: Int(header[3]) << 8 + Int(length))
            count += 1
        }
        return count
    }
}
