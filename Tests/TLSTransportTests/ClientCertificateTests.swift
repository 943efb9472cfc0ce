import Crypto
import Foundation
import Synchronization
import Testing

@testable import TLSTransport

@Suite("Client certificates (mutual TLS), RFC 8446 §4.3.2, RFC 5246 §7.4.4", .timeLimit(.minutes(2)))
struct ClientCertificateTests {
    static let versions = [TLSVersion.tls12, .tls13]

    /// What a client shows.
    enum Shown: String, CaseIterable, Sendable {
        case right, rightByIntermediate, rsa2048, nothing, ended, ofAnotherAuthority, ofServers, short, sha1,
            onAnotherCurve
    }

    /// Alerts by their numbers: RFC 8446 §6.
    static let alerts: [Shown: (tls12: Int, tls13: Int)] = [
        .nothing: (40, 116), .ended: (45, 45), .ofAnotherAuthority: (48, 48), .ofServers: (43, 43),
        .short: (42, 42), .sha1: (42, 42), .onAnotherCurve: (42, 42),
    ]

    @Test(arguments: versions, Shown.allCases)
    func `required: whoever shows no right certificate is refused with an alert`(
        version: TLSVersion,
        shown: Shown
    ) throws {
        let clients = try Clients()

        let outcome = try clients.visit(clients.context(.required), version, shown)

        if let alert = Self.alerts[shown] {
            #expect(outcome.failure == TLSFailure(.handshakeFailed))
            #expect(outcome.alert == (version == .tls12 ? alert.tls12 : alert.tls13))
            #expect(outcome.delivered == [])
        } else {
            #expect(outcome.failure == nil)
            #expect(outcome.delivered == [1])
        }
    }

    @Test(arguments: versions, Shown.allCases)
    func `optional: no certificate is right, a wrong one is not`(version: TLSVersion, shown: Shown) throws {
        let clients = try Clients()

        let outcome = try clients.visit(clients.context(.optional), version, shown)

        let isRight = shown == .nothing || Self.alerts[shown] == nil
        #expect(outcome.delivered == (isRight ? [1] : []))
        #expect((outcome.failure == nil) == isRight)
    }

    @Test(arguments: versions)
    func `the agreement holds the fingerprint of what was shown`(version: TLSVersion) throws {
        let clients = try Clients()

        let shown = try clients.visit(clients.context(.optional), version, .right)
        let silent = try clients.visit(clients.context(.optional), version, .nothing)

        #expect(shown.fingerprint?.count == 32)
        #expect(try shown.fingerprint == clients.fingerprint(of: "right"))
        #expect(silent.fingerprint == nil)
    }

    @Test(arguments: versions)
    func `nobody is asked where nobody is to be asked`(version: TLSVersion) throws {
        let clients = try Clients()

        let outcome = try clients.visit(clients.context(.off), version, .right)

        #expect(outcome.delivered == [1])
        #expect(outcome.fingerprint == nil)
    }

    @Test(arguments: versions, [(2048, true), (2049, false)])
    func `a client's key is judged as one of ours would be`(
        version: TLSVersion,
        demand: (bits: Int, isMet: Bool)
    ) throws {
        let clients = try Clients()
        let policy = TLSPolicy.gccHigh.changed { $0.minimumRSABits = demand.bits }

        let context = try clients.context(.required, policy)

        #expect(try clients.visit(context, version, .rsa2048).delivered == (demand.isMet ? [1] : []))
        #expect(try clients.visit(context, version, .right).delivered == [1])
    }

    @Test(arguments: versions)
    func `no session is resumed, neither one of its own nor one of a context that asks nobody`(
        version: TLSVersion
    ) throws {
        let clients = try Clients()
        let asking = try clients.context(.required)

        let own = try clients.visit(asking, version, .right)
        let elsewhere = try clients.visit(clients.context(.off), version, .nothing)

        #expect(own.session.map { $0.ticketBytes } ?? 0 == 0)
        #expect(elsewhere.session.map { $0.ticketBytes } ?? 0 > 0)
        for session in [own.session, elsewhere.session] {
            #expect(try clients.visit(asking, version, .nothing, resuming: session).delivered == [])
            let right = try clients.visit(asking, version, .right, resuming: session)
            #expect(right.delivered == [1])
            #expect(!right.isResumed)
        }
    }

    @Test(arguments: versions)
    func `once an authority has gone from the file its clients are refused, and open connections stay`(
        version: TLSVersion
    ) throws {
        let clients = try Clients()
        let certificate = try clients.certificate()
        let open = try clients.connect(certificate.context, version, .right)
        _ = open.client.read()
        let session = open.client.resumable

        try clients.trust(clients.other.certificate)
        certificate.refresh()
        #expect(certificate.takeNews() == [.renewed])

        #expect(try clients.visit(certificate.context, version, .right).alert == 48)
        #expect(try clients.visit(certificate.context, version, .right, resuming: session).delivered == [])
        #expect(try clients.visit(certificate.context, version, .ofAnotherAuthority).delivered == [1])
        open.client.write([2])
        try open.exchange()
        #expect(open.above.plaintext == [1, 2])
    }

    @Test(
        arguments: [("", .notPEM), ("-----BEGIN CERTIFICATE-----\nAAAA\n", .badCertificate)]
            as [(String, TLSConfigurationError.Code)]
    )
    func `a file of authorities that is wrong keeps the one before, and is told`(
        content: String,
        code: TLSConfigurationError.Code
    ) throws {
        let clients = try Clients()
        let certificate = try clients.certificate()

        try clients.trust(Array(content.utf8))
        certificate.refresh()
        certificate.refresh()

        #expect(certificate.problem?.code == code)
        #expect(certificate.problem?.file == clients.trusted)
        #expect(try clients.visit(certificate.context, .tls13, .right).delivered == [1])
    }

    @Test func `a client's own certificate is no authority, and a missing file no start`() throws {
        let clients = try Clients()

        try clients.trust(clients.authority.path("right.pem"))
        #expect(throws: TLSConfigurationError(.notAuthority, file: "", message: "", fix: "")) {
            try clients.certificate()
        }
        try FileManager.default.removeItem(atPath: clients.trusted)
        #expect(throws: TLSConfigurationError(.missingFile, file: "", message: "", fix: "")) {
            try clients.certificate()
        }
    }

    @Test(arguments: versions)
    func `a certificate that its authority has revoked is refused, once the list is in the file`(
        version: TLSVersion
    ) throws {
        let clients = try Clients()
        let certificate = try clients.certificate()

        try clients.trust(clients.authority.certificate, list: clients.authority.revocationList())
        certificate.refresh()
        #expect(try clients.visit(certificate.context, version, .right).delivered == [1])

        try clients.trust(clients.authority.certificate, list: clients.authority.revocationList(of: "right"))
        certificate.refresh()
        let outcome = try clients.visit(certificate.context, version, .right)
        #expect(outcome.delivered == [])
        #expect(outcome.alert == 44)
        // There is no list of the authority that has issued this one.
        #expect(try clients.visit(certificate.context, version, .rightByIntermediate).delivered == [])
    }

    @Test func `a list that has ended is told, and the files before stay in force`() throws {
        let clients = try Clients()
        try clients.trust(clients.authority.certificate, list: clients.authority.revocationList())
        let certificate = try clients.certificate()

        certificate.refresh()
        #expect(certificate.problem == nil)
        clients.time.withLock { $0 += 3 * 86_400 }
        certificate.refresh()

        #expect(certificate.problem?.code == .expired)
        #expect(certificate.problem?.file == clients.trusted)
    }

    @Test(arguments: [TLSPolicy.commercial, .gccHigh], ["-tls1_2", "-tls1_3"])
    func `openssl with its certificate is let in, without it is told so`(policy: TLSPolicy, version: String)
        async throws
    {
        let clients = try Clients()

        try await EchoServer.with(clients.context(.required, policy)) { server in
            let files = clients.files(.right)
            let right = try await server.sClient(
                version,
                "-cert",
                files?.certificate ?? "",
                "-key",
                files?.key ?? ""
            )
            let agreed = await server.eventsOfOneConnection()
            // Its standard input is kept open, so that it hears what comes after its last message.
            let without = try await OutsideProgram.run(
                ["sh", "-c", "sleep 5 | openssl s_client -connect 127.0.0.1:\(server.port) \(version)"],
                seconds: 20
            )
            let refused = await server.eventsOfOneConnection()

            #expect(right.output.contains("Acceptable client certificate CA names"), "\(right.output)")
            guard case .completed(let agreement)? = agreed.first else {
                Issue.record("not let in: \(agreed)")
                return
            }
            #expect(try agreement.clientFingerprint == clients.fingerprint(of: "right"))
            #expect(refused == [.failed(TLSFailure(.handshakeFailed)), .closed])
            let number = version == "-tls1_2" ? 40 : 116
            #expect(without.output.contains("SSL alert number \(number)"), "\(without.output)")
        }
    }
}

/// Two authorities and clients of both, made once for all tests: nobody changes them.
private struct Issuers: Sendable {
    static let shared = Result { try Issuers() }

    let authority: Authority
    let other: Authority

    private init() throws {
        authority = try Authority(in: TestFiles.shared.folder)
        other = try Authority("other", in: TestFiles.shared.folder)
        try authority.issue("right", for: .client)
        try authority.issue("ended", for: .client, days: -1)
        try authority.issue("ofServers", for: .server)
        try authority.issue("short", for: .client, key: ["rsa:1024"])
        try authority.issue("rsa2048", for: .client, key: ["rsa:2048"])
        try authority.issue("sha1", for: .client, digest: "sha1")
        try authority.issue(
            "onAnotherCurve",
            for: .client,
            key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"]
        )
        try authority.issueAuthority("intermediate", thatIssues: "rightByIntermediate")
        try other.issue("ofAnotherAuthority", for: .client)
    }
}

/// A listener that trusts the authorities of a file, and its clients.
private final class Clients: Sendable {
    let authority: Authority
    let other: Authority
    /// The path of the file of authorities.
    let trusted = NSTemporaryDirectory() + "tls-trusted-\(UUID().uuidString).pem"
    /// The time at which files are judged.
    let time: Mutex<Int64>

    init() throws {
        let issuers = try Issuers.shared.get()
        (authority, other) = (issuers.authority, issuers.other)
        time = Mutex(try TestFiles.shared.now + 120)
        try trust(authority.certificate)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: trusted)
    }

    /// Makes the file of authorities a copy of another file, with a list of revoked certificates behind it.
    func trust(_ path: String, list: [UInt8] = []) throws {
        try trust(Array(Data(contentsOf: URL(fileURLWithPath: path))) + list)
    }

    func trust(_ content: [UInt8]) throws {
        try Data(content).write(to: URL(fileURLWithPath: trusted), options: .atomic)
    }

    func files(_ shown: ClientCertificateTests.Shown) -> TLSFiles? {
        if shown == .nothing { return nil }
        let issuer = shown == .ofAnotherAuthority ? other : authority
        return TLSFiles(
            certificate: issuer.path("\(shown.rawValue)-chain.pem"),
            key: issuer.path("\(shown.rawValue).key")
        )
    }

    private var serverFiles: TLSFiles {
        TLSFiles(
            certificate: TestFiles.shared.path("p256.pem"),
            key: TestFiles.shared.path("p256.key"),
            clientAuthorities: trusted
        )
    }

    func context(_ demand: TLSPolicy.ClientCertificates, _ policy: TLSPolicy = .commercial) throws
        -> TLSServerContext
    {
        try TLSServerContext(
            policy: policy.changed { $0.clientCertificates = demand },
            files: serverFiles,
            library: TestFiles.shared.library,
            tickets: TestFiles.shared.tickets,
            now: TestFiles.shared.now
        )
    }

    func certificate() throws -> CertificateInForce {
        try CertificateInForce(
            policy: .commercial.changed { $0.clientCertificates = .required },
            files: serverFiles,
            library: TestFiles.shared.library,
            tickets: TestFiles.shared.tickets,
            clock: { self.time.withLock { $0 } }
        )
    }

    func fingerprint(of name: String) throws -> [UInt8] {
        let pem = try String(contentsOfFile: authority.path(name + ".pem"), encoding: .utf8)
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
        let der = try #require(Data(base64Encoded: lines.joined()))
        return TestFiles.shared.library.sha256(Array(der))
    }

    struct Outcome {
        let delivered: [UInt8]
        let failure: TLSFailure?
        let alert: Int?
        let fingerprint: [UInt8]?
        let isResumed: Bool
        let session: ClientSession.Resumable?
    }

    /// One connection on which the client says `[1]`, handshake or not.
    func connect(
        _ context: TLSServerContext,
        _ version: TLSVersion,
        _ shown: ClientCertificateTests.Shown,
        resuming session: ClientSession.Resumable? = nil
    ) throws -> ClientOnChannel {
        let connection = try ClientOnChannel(
            client: .init(newest: version, resumed: session, certificate: files(shown)),
            context: context
        )
        _ = try connection.shakeHands()
        connection.client.write([1])
        try connection.exchange()
        return connection
    }

    func visit(
        _ context: TLSServerContext,
        _ version: TLSVersion,
        _ shown: ClientCertificateTests.Shown,
        resuming session: ClientSession.Resumable? = nil
    ) throws -> Outcome {
        let connection = try connect(context, version, shown, resuming: session)
        var failure: TLSFailure?
        for case .failure(let error) in connection.above.events { failure = failure ?? error }
        // A ticket, or an alert, comes after the handshake.
        _ = connection.client.read()
        return Outcome(
            delivered: connection.above.plaintext,
            failure: failure,
            alert: connection.client.alert,
            fingerprint: connection.above.agreement?.clientFingerprint,
            isResumed: connection.client.isResumed,
            session: connection.client.resumable
        )
    }
}
