import NIOCore
import NIOEmbedded
import NIOPosix
import TLSTransport
import Testing

@Suite("TLS with clients that cut, rest or talk something else", .timeLimit(.minutes(2)))
struct AnomalyTests {
    /// In memory: hundreds of sockets, one after the other, take minutes where the machine is busy elsewhere.
    @Test func `a connection cut after each byte of the ClientHello is truncation and nothing else`() throws {
        let hello = try Self.hello()

        for count in 0..<hello.count {
            let connection = try ClientOnChannel()
            connection.channel.pipeline.fireChannelRead(ByteBuffer(bytes: hello[..<count]))
            connection.channel.pipeline.fireChannelReadComplete()
            connection.channel.pipeline.fireChannelInactive()

            #expect(connection.above.events == [.failure(TLSFailure(.truncated)), .inactive])
            #expect(try connection.sent().isEmpty)
        }
    }

    @Test func `a socket cut in the ClientHello is truncation, and the server lives on`() async throws {
        let hello = try Self.hello()
        // A machine that is busy elsewhere must not turn a cut into a timeout.
        var limits = TLSLimits()
        limits.handshakeTimeout = .minutes(2)

        try await EchoServer.with(TestFiles.shared.context(.commercial), limits: limits) { server in
            // Nothing; within the record's head and at its end; within the message; all but the last byte.
            for count in [0, 1, 4, 5, 6, hello.count / 2, hello.count - 1] {
                try await send(Array(hello[..<count]), to: server)
                #expect(await server.eventsOfOneConnection() == [.failed(TLSFailure(.truncated)), .closed])
            }
            try await expectLife(of: server)
        }
    }

    /// The first bytes of a client.
    private static func hello() throws -> [UInt8] {
        let client = try ClientSession()
        _ = client.shakeHands()
        let hello = client.takeCiphertext()
        try #require(hello.count > 200)
        return hello
    }

    /// Python expressions of bytes.
    @Test(arguments: [
        #"b"GET / HTTP/1.1\r\nHost: scim.example\r\n\r\n""#, #"b"SSH-2.0-OpenSSH_9.2\r\n""#,
        #"bytes.fromhex("1603010000") * 40"#, #"bytes.fromhex("160301000401000000")"#,
        #"bytes.fromhex("15030300020228")"#, #"b"x" * 100000"#, "bytes(1000)",
    ])
    func `what is not a ClientHello ends the connection, not the server`(bytes: String) async throws {
        try await EchoServer.with(TestFiles.shared.context(.gccHigh)) { server in
            let outcome = try await server.python(
                """
                plain = socket.create_connection(("127.0.0.1", port), timeout=15)
                plain.sendall(\(bytes))
                try:
                    while plain.recv(1000): pass
                except ConnectionResetError: pass
                plain.close()
                print("closed")
                """
            )

            #expect(outcome.output == "closed\n")
            #expect(await server.eventsOfOneConnection() == [.failed(TLSFailure(.handshakeFailed)), .closed])
            try await expectLife(of: server)
        }
    }

    @Test(arguments: ["", "160301"])
    func `a client that rests in the handshake is cut at the limit`(start: String) async throws {
        var limits = TLSLimits()
        limits.handshakeTimeout = .milliseconds(200)

        try await EchoServer.with(TestFiles.shared.context(.commercial), limits: limits) { server in
            let outcome = try await server.python(
                """
                plain = socket.create_connection(("127.0.0.1", port), timeout=15)
                plain.sendall(bytes.fromhex("\(start)"))
                began = time.monotonic()
                print(plain.recv(1000), 0.1 < time.monotonic() - began < 10)
                """
            )

            #expect(outcome.output == "b'' True\n")
            #expect(
                await server.eventsOfOneConnection() == [.failed(TLSFailure(.handshakeTimeout)), .closed]
            )
        }
    }

    @Test(arguments: [false, true])
    func `a client that ends its side without close_notify is truncation`(halfClosure: Bool) async throws {
        let context = try TestFiles.shared.context(.commercial)

        try await EchoServer.with(context, halfClosure: halfClosure) { server in
            let outcome = try await server.python(
                """
                connection = connect()
                connection.sendall(b"x"); read(connection, 1)
                plain = socket.socket(fileno=connection.detach())
                plain.shutdown(socket.SHUT_WR)
                plain.settimeout(15)
                try:
                    while plain.recv(1000): pass
                except ConnectionResetError: pass
                print("closed")
                """
            )
            let events = await server.eventsOfOneConnection()

            #expect(outcome.output == "closed\n")
            #expect(events.dropFirst() == [.failed(TLSFailure(.truncated)), .closed])
        }
    }

    @Test func `a client that never answers close_notify is left after the limit`() async throws {
        var limits = TLSLimits()
        limits.closeTimeout = .milliseconds(200)

        try await EchoServer.with(TestFiles.shared.context(.commercial), limits: limits) { server in
            let outcome = try await server.python(
                """
                connection = connect()
                connection.sendall(b"bye")
                print(read(connection, 3), connection.recv(10))
                plain = socket.socket(fileno=connection.detach())
                plain.settimeout(15)
                print(plain.recv(10))
                """
            )

            #expect(outcome.output == "b'bye' b''\nb''\n")
            #expect(await server.eventsOfOneConnection().last == .closed)
        }
    }

    @Test func `a reader that stops for good does not hold the connection after its end`() async throws {
        var limits = TLSLimits()
        limits.closeTimeout = .milliseconds(200)

        try await EchoServer.with(TestFiles.shared.context(.commercial), limits: limits) { server in
            // Sends until the server, which cannot get rid of its echo, takes no more; then says
            // goodbye.
            let outcome = try await server.python(
                """
                connection = connect()
                connection.settimeout(0.5)
                try:
                    for _ in range(10000): connection.sendall(bytes(16384))
                except (TimeoutError, ssl.SSLError): pass
                plain = socket.socket(fileno=connection.detach())
                plain.shutdown(socket.SHUT_WR)
                time.sleep(1)
                print("done")
                """
            )

            #expect(outcome.output == "done\n")
            #expect(await server.eventsOfOneConnection().last == .closed)
        }
    }

    /// Connects, sends the bytes, and ends the connection.
    private func send(_ bytes: [UInt8], to server: EchoServer) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: server.port).get()
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        try await channel.close()
    }

    private func expectLife(of server: EchoServer) async throws {
        let outcome = try await server.python(
            """
            connection = connect()
            connection.sendall(b"still here")
            print(read(connection, 10))
            """
        )
        #expect(outcome.output == "b'still here'\n")
    }
}
