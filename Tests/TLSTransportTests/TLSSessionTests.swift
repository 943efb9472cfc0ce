import NIOCore
import TLSTransport
import Testing

@Suite("One TLS session against an OpenSSL client, in memory")
struct TLSSessionTests {
    @Test(arguments: [TLSVersion.tls12, .tls13], [1, 7, 1_000_000])
    func `handshake and both directions work in pieces of any size`(version: TLSVersion, piece: Int) throws {
        let session = try TLSSession(context: TestFiles.shared.context(.gccHigh))
        let client = try ClientSession(.init(newest: version, applicationProtocols: ["h2", "http/1.1"]))

        let isComplete = shakeHands(session, client, piece: piece)

        #expect(isComplete)
        #expect(session.agreement.version == version)
        #expect(session.agreement.alpn == "http/1.1")
        #expect(session.agreement.group == "secp256r1")
        #expect(!session.agreement.isResumed)
        let request = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        client.write(request)
        #expect(read(session, client.takeCiphertext(), piece: piece) == request)
        var reply = ByteBuffer(bytes: request.reversed())
        #expect(session.encrypt(&reply, atMost: .max) == .complete)
        client.receive(takeAll(session))
        #expect(client.read() == request.reversed())
    }

    @Test(arguments: [(TLSVersion.tls12, TLSVersion.tls12), (.tls13, .tls13), (.tls12, .tls13)])
    func `only the versions between the policy's oldest and newest are spoken`(
        oldest: TLSVersion,
        newest: TLSVersion
    ) throws {
        let policy = TLSPolicy.commercial.changed {
            $0.minimumVersion = oldest
            $0.maximumVersion = newest
        }
        let context = try TestFiles.shared.context(policy)

        let old = try TLSSession(context: context)
        #expect(try shakeHands(old, ClientSession(.init(newest: .tls12)), piece: .max) == (oldest == .tls12))
        let new = try TLSSession(context: context)
        #expect(try shakeHands(new, ClientSession(.init(newest: .tls13)), piece: .max))
        #expect(new.agreement.version == newest)
    }

    @Test func `close_notify is seen both ways`() throws {
        let session = try TLSSession(context: TestFiles.shared.context(.commercial))
        let client = try ClientSession()
        _ = shakeHands(session, client, piece: .max)

        client.sayCloseNotify()
        session.consumeCiphertext(ByteBuffer(bytes: client.takeCiphertext()))
        var plaintext = ByteBuffer()

        #expect(session.readPlaintext(into: &plaintext) == .closed)
        #expect(session.shutdown() == .complete)
        client.receive(takeAll(session))
        _ = client.read()
        #expect(client.hasSeenCloseNotify)
    }

    @Test func `what is not TLS is a failure that leaves nothing behind for the next session`() throws {
        let context = try TestFiles.shared.context(.commercial)
        let bad = try TLSSession(context: context)
        bad.consumeCiphertext(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: scim.example\r\n\r\n"))

        #expect(bad.doHandshake() == .failed(TLSFailure(.handshakeFailed)))

        let good = try TLSSession(context: context)
        #expect(good.doHandshake() == .incomplete)
        #expect(shakeHands(good, try ClientSession(), piece: .max))
    }

    @Test func `a record that was changed on the way is refused with an alert`() throws {
        let session = try TLSSession(context: TestFiles.shared.context(.commercial))
        let client = try ClientSession()
        _ = shakeHands(session, client, piece: .max)
        client.write(Array("hello".utf8))
        var ciphertext = client.takeCiphertext()
        ciphertext[ciphertext.count - 1] ^= 1

        session.consumeCiphertext(ByteBuffer(bytes: ciphertext))
        var plaintext = ByteBuffer()

        #expect(session.readPlaintext(into: &plaintext) == .failed(TLSFailure(.badRecord)))
        #expect(session.takeCiphertext() != nil)
        #expect(plaintext.readableBytes == 0)
    }

    @Test(arguments: [(3, true), (4, false)])
    func `key updates are answered up to the limit`(count: Int, isAllowed: Bool) throws {
        let session = try TLSSession(
            context: TestFiles.shared.context(.commercial),
            postHandshakeMessages: 3
        )
        let client = try ClientSession()
        _ = shakeHands(session, client, piece: .max)

        for _ in 0..<count { client.updateKey() }
        client.write([1])
        session.consumeCiphertext(ByteBuffer(bytes: client.takeCiphertext()))
        var plaintext = ByteBuffer()
        let step = session.readPlaintext(into: &plaintext)

        #expect(step == (isAllowed ? .complete : .failed(TLSFailure(.tooManyMessages))))
    }

    @Test(arguments: [
        (TLSPolicy.gccHigh, TLSVersion.tls12, false), (.gccHigh, .tls13, true), (.commercial, .tls12, true),
    ])
    func `a client without the extended master secret`(
        policy: TLSPolicy,
        version: TLSVersion,
        isAllowed: Bool
    ) throws {
        let session = try TLSSession(context: TestFiles.shared.context(policy))
        let client = try ClientSession(.init(newest: version, hasExtendedMasterSecret: false))

        #expect(shakeHands(session, client, piece: .max) == isAllowed)
    }

    /// Drives both sides until nothing moves; true when both are complete.
    private func shakeHands(_ session: TLSSession, _ client: ClientSession, piece: Int) -> Bool {
        var isServerDone = false
        var isClientDone = false
        for _ in 0..<8 {
            isClientDone = client.shakeHands()
            for part in pieces(client.takeCiphertext(), piece) {
                session.consumeCiphertext(part)
                if isServerDone { continue }
                switch session.doHandshake() {
                case .complete: isServerDone = true
                case .incomplete: break
                case .closed, .failed: return false
                }
            }
            client.receive(takeAll(session))
        }
        return isClientDone && isServerDone
    }

    private func read(_ session: TLSSession, _ ciphertext: [UInt8], piece: Int) -> [UInt8] {
        var all: [UInt8] = []
        for part in pieces(ciphertext, piece) {
            session.consumeCiphertext(part)
            var plaintext = ByteBuffer()
            while session.readPlaintext(into: &plaintext) == .complete {}
            all += plaintext.readableBytesView
        }
        return all
    }

    private func takeAll(_ session: TLSSession) -> [UInt8] {
        session.takeCiphertext().map { Array($0.readableBytesView) } ?? []
    }

    private func pieces(_ bytes: [UInt8], _ size: Int) -> [ByteBuffer] {
        stride(from: 0, to: bytes.count, by: min(size, max(bytes.count, 1))).map {
            ByteBuffer(bytes: bytes[$0..<min($0 + min(size, bytes.count), bytes.count)])
        }
    }
}
