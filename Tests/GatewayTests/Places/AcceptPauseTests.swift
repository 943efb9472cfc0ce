import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Gateway

@Suite("Taking connections when no descriptor is left", .timeLimit(.minutes(1)))
struct AcceptPauseTests {
    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func `the socket rests, and then takes who has come meanwhile`(code: Int32) async throws {
        let server = try await Server()

        let isReading = try await server.failAccepting(code)
        let client = try await server.connect()
        var taken = server.taken.makeAsyncIterator()

        #expect(!isReading)
        #expect(await taken.next() != nil)
        #expect(server.pauses == 1)
        try await client.close()
        try await server.close()
    }

    @Test func `while it rests it is told once`() async throws {
        let server = try await Server()

        _ = try await server.failAccepting(EMFILE, times: 3)

        #expect(server.pauses == 1)
        try await server.close()
    }

    @Test func `a connection that broke before it was taken is no reason to rest`() async throws {
        let server = try await Server()

        #expect(try await server.failAccepting(ECONNABORTED))

        #expect(server.pauses == 0)
        try await server.close()
    }

    /// A listening socket with a pause, on one loop.
    private struct Server {
        let taken: AsyncStream<Void>
        private let channel: any Channel
        private let counter: Counter

        private final class Counter: Sendable {
            let count = Atomic(0)
        }

        init() async throws {
            let (taken, continuation) = AsyncStream.makeStream(of: Void.self)
            let counter = Counter()
            self.taken = taken
            self.counter = counter
            channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pause = AcceptPause { counter.count.wrappingAdd(1, ordering: .relaxed) }
                        try channel.pipeline.syncOperations.addHandler(pause)
                    }
                }
                .childChannelInitializer { channel in
                    continuation.yield()
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                .bind(host: "127.0.0.1", port: 0).get()
        }

        var pauses: Int { counter.count.load(ordering: .relaxed) }

        /// What the channel does when accept(2) fails; whether it still reads afterwards.
        func failAccepting(_ code: Int32, times: Int = 1) async throws -> Bool {
            try await channel.eventLoop.submit { [channel] in
                for _ in 0..<times {
                    channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
                }
                return try channel.syncOptions?.getOption(.autoRead) ?? false
            }.get()
        }

        func connect() async throws -> any Channel {
            let address = try #require(channel.localAddress)
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
                to: address
            ).get()
        }

        func close() async throws { try await channel.close() }
    }
}
