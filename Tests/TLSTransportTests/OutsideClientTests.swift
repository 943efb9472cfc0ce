import TLSTransport
import Testing

@Suite("TLS with outside clients, security.md §4.1 and RFC 8446, 5246", .timeLimit(.minutes(2)))
struct OutsideClientTests {
    struct Offer: Sendable, CustomTestStringConvertible {
        let policy: TLSPolicy
        let certificate: String
        let arguments: [String]
        /// What is agreed on; nil when the server refuses.
        let agreed: (version: TLSVersion, cipher: String, group: String)?

        init(
            _ policy: TLSPolicy,
            _ certificate: String,
            _ arguments: String,
            _ agreed: (version: TLSVersion, cipher: String, group: String)?
        ) {
            self.policy = policy
            self.certificate = certificate
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.agreed = agreed
        }

        var testDescription: String {
            "\(policy.sessionIDContext) \(certificate) \(arguments.joined(separator: " "))"
        }
    }

    static let taken: [Offer] = [
        .init(.commercial, "p256", "", (.tls13, "TLS_AES_256_GCM_SHA384", "x25519")),
        .init(.commercial, "rsa2048", "-groups P-256", (.tls13, "TLS_AES_256_GCM_SHA384", "secp256r1")),
        .init(
            .commercial,
            "p256",
            "-ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
            (.tls13, "TLS_CHACHA20_POLY1305_SHA256", "x25519")
        ),
        .init(
            .commercial,
            "p256",
            "-tls1_2 -groups P-256",
            (.tls12, "ECDHE-ECDSA-AES128-GCM-SHA256", "secp256r1")
        ),
        .init(.commercial, "rsa2048", "-tls1_2", (.tls12, "ECDHE-RSA-AES128-GCM-SHA256", "x25519")),
        .init(
            .commercial,
            "rsa2048",
            "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
            (.tls12, "ECDHE-RSA-CHACHA20-POLY1305", "x25519")
        ),
        .init(.gccHigh, "p256", "", (.tls13, "TLS_AES_256_GCM_SHA384", "secp256r1")),
        .init(.gccHigh, "rsa2048", "-groups P-384", (.tls13, "TLS_AES_256_GCM_SHA384", "secp384r1")),
        .init(
            .gccHigh,
            "p256",
            "-ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
            (.tls13, "TLS_AES_128_GCM_SHA256", "secp256r1")
        ),
        .init(.gccHigh, "p256", "-tls1_2", (.tls12, "ECDHE-ECDSA-AES256-GCM-SHA384", "secp256r1")),
        .init(.gccHigh, "rsa2048", "-tls1_2", (.tls12, "ECDHE-RSA-AES256-GCM-SHA384", "secp256r1")),
        .init(
            .gccHigh,
            "rsa2048",
            "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256",
            (.tls12, "ECDHE-RSA-AES128-GCM-SHA256", "secp256r1")
        ),
    ]

    @Test(arguments: taken)
    func `an offer that the policy has is taken`(offer: Offer) async throws {
        let context = try TestFiles.shared.context(offer.policy, offer.certificate)
        let file = TestFiles.shared.path(offer.certificate + ".pem")
        let agreed = try #require(offer.agreed)

        try await EchoServer.with(context) { server in
            let outcome = try await OutsideProgram.run(
                [
                    "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", file, "-alpn",
                    "h2,http/1.1",
                ]
                    + offer.arguments,
                seconds: 20
            )
            let events = await server.eventsOfOneConnection()

            #expect(outcome.status == 0)
            #expect(outcome.output.contains("Verify return code: 0 (ok)"))
            #expect(outcome.output.contains("ALPN protocol: http/1.1"))
            #expect(
                events == [
                    .completed(
                        TLSHandshakeCompleted(
                            alpn: "http/1.1",
                            version: agreed.version,
                            cipher: agreed.cipher,
                            group: agreed.group,
                            isResumed: false
                        )
                    ), .closed,
                ]
            )
        }
    }

    static let refused: [Offer] =
        [TLSPolicy.commercial, .gccHigh].flatMap { policy -> [Offer] in
            [
                .init(policy, "p256", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", nil),
                .init(policy, "rsa2048", "-tls1 -cipher DEFAULT@SECLEVEL=0", nil),
                .init(policy, "rsa2048", "-tls1_2 -cipher AES128-GCM-SHA256:AES256-SHA", nil),
                .init(
                    policy,
                    "rsa2048",
                    "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384",
                    nil
                ),
                .init(
                    policy,
                    "p256",
                    "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384",
                    nil
                ),
                .init(policy, "rsa2048", "-tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384", nil),
                .init(
                    policy,
                    "p256",
                    "-tls1_2 -sigalgs ECDSA+SHA1 -cipher ECDHE-ECDSA-AES128-GCM-SHA256@SECLEVEL=0",
                    nil
                ),
                .init(policy, "p256", "-groups P-521", nil),
            ]
        } + [
            .init(.gccHigh, "p256", "-groups X25519", nil),
            .init(.gccHigh, "rsa2048", "-tls1_2 -groups X25519", nil),
            .init(.gccHigh, "p256", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", nil),
            .init(.gccHigh, "rsa2048", "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305", nil),
        ]

    @Test(arguments: refused)
    func `an offer that the policy does not have ends with an alert`(offer: Offer) async throws {
        let context = try TestFiles.shared.context(offer.policy, offer.certificate)

        try await EchoServer.with(context) { server in
            let outcome = try await OutsideProgram.run(
                ["openssl", "s_client", "-connect", "127.0.0.1:\(server.port)"] + offer.arguments,
                seconds: 20
            )
            let events = await server.eventsOfOneConnection()

            #expect(outcome.status == 1)
            #expect(outcome.output.contains("SSL alert number"), "\(outcome.output)")
            #expect(events == [.failed(TLSFailure(.handshakeFailed)), .closed])
        }
    }

    @Test func `ALPN without overlap ends with its alert, without the extension it is HTTP/1.1`() async throws
    {
        try await EchoServer.with(TestFiles.shared.context(.gccHigh)) { server in
            let foreign = try await server.sClient("-alpn", "h2")
            #expect(foreign.output.contains("SSL alert number 120"), "\(foreign.output)")
            #expect(await server.eventsOfOneConnection() == [.failed(TLSFailure(.handshakeFailed)), .closed])

            let silent = try await server.sClient()
            #expect(silent.output.contains("No ALPN negotiated"))
            let events = await server.eventsOfOneConnection()
            guard case .completed(let agreement)? = events.first else {
                Issue.record("no handshake: \(events)")
                return
            }
            #expect(agreement.alpn == nil)
        }
    }

    @Test func `ALPN takes what the server prefers`() async throws {
        let policy = TLSPolicy.commercial.changed { $0.applicationProtocols = ["h2", "http/1.1"] }

        try await EchoServer.with(TestFiles.shared.context(policy)) { server in
            let outcome = try await server.sClient("-alpn", "http/1.1,h2")

            #expect(outcome.output.contains("ALPN protocol: h2"))
        }
    }

    @Test(arguments: [TLSPolicy.commercial, .gccHigh], ["TLSv1_2", "TLSv1_3"])
    func `five megabytes go both ways with a slow reader`(policy: TLSPolicy, version: String) async throws {
        try await EchoServer.with(TestFiles.shared.context(policy)) { server in
            let outcome = try await server.python(
                """
                def only(context): context.maximum_version = ssl.TLSVersion.\(version)
                size = 5 * 1024 * 1024
                sent = hashlib.shake_256(b"seed").digest(size)
                connection = connect(only)
                sender = threading.Thread(target=lambda: connection.sendall(sent))
                sender.start()
                time.sleep(0.3)
                got = b""
                while len(got) < size:
                    if len(got) < 400000: time.sleep(0.005)
                    got += connection.recv(16384)
                sender.join()
                connection.unwrap()
                print("same" if got == sent else "different")
                """
            )

            #expect(outcome.output == "same\n")
            #expect(await server.eventsOfOneConnection().last == .closed)
        }
    }

    @Test(arguments: ["TLSv1_2", "TLSv1_3"])
    func `the server's clean end is seen as close_notify`(version: String) async throws {
        try await EchoServer.with(TestFiles.shared.context(.gccHigh)) { server in
            // recv gives an empty string for close_notify, and an error for an end without it.
            let outcome = try await server.python(
                """
                def only(context): context.maximum_version = ssl.TLSVersion.\(version)
                connection = connect(only)
                connection.sendall(b"bye")
                print(read(connection, 3), connection.recv(10))
                connection.close()
                """
            )
            let events = await server.eventsOfOneConnection()

            #expect(outcome.output == "b'bye' b''\n")
            #expect(events.count == 2)
            #expect(events.last == .closed)
        }
    }

    @Test func `a session is resumed with its ticket, in the same context only`() async throws {
        let policy = TLSPolicy.gccHigh
        try await EchoServer.with(TestFiles.shared.context(policy)) { server in
            let outcome = try await server.python(
                """
                context = ssl.create_default_context(cafile="\(TestFiles.shared.path("p256.pem"))")
                def once(session):
                    plain = socket.create_connection(("127.0.0.1", port), timeout=15)
                    connection = context.wrap_socket(plain, server_hostname="localhost", session=session)
                    connection.sendall(b"x"); read(connection, 1)
                    reused, session = connection.session_reused, connection.session
                    connection.unwrap()
                    return reused, session
                reused, session = once(None)
                print(reused, once(session)[0])
                """
            )

            #expect(outcome.output == "False True\n")
        }
    }

    @Test(arguments: ["TLSv1_2", "TLSv1_3"], [false, true])
    func `requests go on after one in the same segment as the handshake's end`(
        version: String,
        isLate: Bool
    ) async throws {
        let context = try TestFiles.shared.context(.commercial)

        try await EchoServer.with(context, putsOffFirstRead: isLate) { server in
            let outcome = try await server.python(
                """
                context = ssl.create_default_context(cafile="\(TestFiles.shared.path("p256.pem"))")
                context.maximum_version = ssl.TLSVersion.\(version)
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                session = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
                plain = socket.create_connection(("127.0.0.1", port), timeout=5)
                def step(call):
                    while True:
                        try: return call()
                        except ssl.SSLWantReadError:
                            plain.sendall(outgoing.read())
                            incoming.write(plain.recv(65536))
                step(session.do_handshake)
                for number in range(5):
                    session.write(b"request")
                    print(step(lambda: session.read(7)))
                """
            )

            #expect(outcome.output == String(repeating: "b'request'\n", count: 5))
        }
    }

    @Test func `renegotiation is refused`() async throws {
        try await EchoServer.with(TestFiles.shared.context(.commercial)) { server in
            // s_client takes R at the beginning of a line as the wish to renegotiate.
            let outcome = try await OutsideProgram.run(
                [
                    "sh", "-c",
                    "(sleep 1; echo R; sleep 1) | openssl s_client -connect 127.0.0.1:\(server.port) -tls1_2",
                ],
                seconds: 20
            )

            #expect(outcome.output.contains("no renegotiation"), "\(outcome.output)")
        }
    }
}
