import HTTPTransport
import NIOCore
import NIOEmbedded
import TLSTransport
import Testing

@testable import Gateway

@Suite("HTTP/1.1 or HTTP/2 by ALPN, RFC 7301 and RFC 9113 §3.2")
struct ProtocolChoiceTests {
    /// A channel on which the choice waits, and what it chose.
    private final class Choosing {
        let channel = EmbeddedChannel()
        private(set) var chosen: [HTTPVersion] = []
        private(set) var refuses = false
        private(set) var failures: [TLSFailure.Code] = []

        init() throws {
            try channel.pipeline.syncOperations.addHandler(
                ProtocolChoice(
                    install: { [unowned self] version, _ in
                        chosen.append(version)
                        if refuses { throw ChannelError.alreadyClosed }
                    },
                    failed: { [unowned self] in failures.append($0) }
                )
            )
            try channel.connect(to: .init(unixDomainSocketPath: "/choice")).wait()
        }

        func refuse() { refuses = true }

        func agree(on alpn: String?) {
            channel.pipeline.fireUserInboundEventTriggered(
                TLSHandshakeCompleted(
                    alpn: alpn,
                    version: .tls13,
                    cipher: "TLS_AES_256_GCM_SHA384",
                    group: nil,
                    isResumed: false
                )
            )
            channel.embeddedEventLoop.run()
        }

        var isWaiting: Bool {
            // Not there is an answer as well.
            (try? channel.pipeline.syncOperations.handler(type: ProtocolChoice.self)) != nil
        }
    }

    @Test(arguments: [
        (String?("h2"), HTTPVersion.two), ("http/1.1", .one), (nil, .one), ("h2c", .one),
    ])
    func `what the handshake agreed on is installed, and the choice goes`(
        alpn: String?,
        version: HTTPVersion
    ) throws {
        let choosing = try Choosing()
        #expect(choosing.isWaiting)

        choosing.agree(on: alpn)

        #expect(choosing.chosen == [version])
        #expect(!choosing.isWaiting)
        #expect(choosing.channel.isActive)
    }

    @Test func `HTTP 2 is preferred`() {
        #expect(HTTPVersion.offered.map(\.name) == ["h2", "http/1.1"])
    }

    @Test func `a connection that nobody can serve is closed`() throws {
        let choosing = try Choosing()
        choosing.refuse()

        choosing.agree(on: "h2")

        #expect(!choosing.channel.isActive)
    }

    @Test(arguments: [
        (TLSFailure(.handshakeTimeout) as any Error, TLSFailure.Code.handshakeTimeout),
        (ChannelError.inputClosed, .truncated),
    ])
    func `a failed handshake closes the connection, and is told once`(
        error: any Error,
        code: TLSFailure.Code
    ) throws {
        let choosing = try Choosing()

        choosing.channel.pipeline.fireErrorCaught(error)
        choosing.channel.pipeline.fireErrorCaught(TLSFailure(.truncated))

        #expect(!choosing.channel.isActive)
        #expect(choosing.chosen == [])
        #expect(choosing.failures == [code])
    }

    @Test func `a connection that has asked nothing ends when the gateway does`() throws {
        let choosing = try Choosing()

        choosing.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())

        #expect(!choosing.channel.isActive)
    }
}
