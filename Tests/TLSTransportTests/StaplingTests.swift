import Crypto
import Foundation
import Synchronization
import Testing

@testable import TLSTransport

@Suite("OCSP stapling, RFC 6066 §8, RFC 6960", .timeLimit(.minutes(2)))
struct StaplingTests {
    static let versions = [TLSVersion.tls12, .tls13]

    @Test(arguments: versions)
    func `a response is stapled until the second at which it ends`(version: TLSVersion) throws {
        let server = try StapledServer()
        let answer = try server.authority.answer(about: "server")
        try server.authority.put(answer, "ocsp.der")
        let certificate = try server.certificate()
        let end = try server.end(of: answer)

        server.time.withLock { $0 = end - 1 }
        #expect(try server.staple(certificate, version) == answer)
        server.time.withLock { $0 = end }
        #expect(try server.staple(certificate, version) == nil)
    }

    @Test(arguments: versions)
    func `a client that does not ask gets none`(version: TLSVersion) throws {
        let server = try StapledServer()
        try server.authority.put(server.authority.answer(about: "server"), "ocsp.der")

        #expect(try server.staple(server.certificate(), version, isAsked: false) == nil)
    }

    @Test(arguments: [TLSPolicy.commercial, .gccHigh], ["-tls1_2", "-tls1_3"])
    func `openssl takes what is stapled`(policy: TLSPolicy, version: String) async throws {
        let server = try StapledServer()
        try server.authority.put(server.authority.answer(about: "server"), "ocsp.der")
        let context = try server.certificate(policy).context

        try await EchoServer.with(context) { echo in
            let outcome = try await echo.sClient(
                version,
                "-status",
                "-CAfile",
                server.authority.certificate,
                "-verify_return_error"
            )

            #expect(outcome.output.contains("OCSP Response Status: successful"), "\(outcome.output)")
            #expect(outcome.output.contains("Cert Status: good"))
            #expect(outcome.output.contains("Verify return code: 0 (ok)"))
        }
    }

    @Test(arguments: ["sha1", "sha256"])
    func `a response is taken whatever digest names the certificate`(digest: String) throws {
        let server = try StapledServer()

        let answer = try server.authority.answer(about: "server", digest: digest)

        #expect(try server.judged(answer) == nil)
    }

    @Test func `a response that the authority lets another sign is taken, and one of a stranger is not`()
        throws
    {
        let server = try StapledServer()
        let authority = server.authority
        try authority.issue("responder", for: .responder)
        try authority.issue("stranger", for: .client)

        #expect(try server.judged(authority.answer(about: "server", signer: "responder")) == nil)
        #expect(
            try server.judged(authority.answer(about: "server", signer: "stranger"))?.code == .badResponse
        )
    }

    @Test func `a responder whose certificate has ended is no more one`() throws {
        let server = try StapledServer()
        try server.authority.issue("responder", for: .responder, days: 1)
        let answer = try server.authority.answer(about: "server", signer: "responder")

        #expect(try server.judged(answer) == nil)
        #expect(try server.judged(answer, later: 86_400)?.code == .badResponse)
    }

    @Test func `what a client would not take is refused, with the reason`() throws {
        let server = try StapledServer()
        let authority = server.authority
        try authority.issue("other")
        let good = try authority.answer(about: "server")
        let other = try Authority("other")
        try other.issue("server")
        // A bit of the signature: nothing comes after it.
        var damaged = good
        damaged[good.count - 1] ^= 1

        let found: [([UInt8], TLSConfigurationError.Code, String)] = [
            (Array(good.dropLast()), .badResponse, "no OCSP response"),
            (good + [0], .badResponse, "no OCSP response"),
            ([], .badResponse, "no OCSP response"),
            (Array("-----BEGIN".utf8), .badResponse, "no OCSP response"),
            // OCSPResponse with the status tryLater and nothing else.
            ([0x30, 0x03, 0x0A, 0x01, 0x03], .badResponse, "trylater"),
            (damaged, .badResponse, "not signed"),
            (try authority.answer(about: "other"), .badResponse, "another certificate"),
            (try other.answer(about: "server"), .badResponse, "another certificate"),
            (try authority.answer(about: "server", .unknown), .badResponse, "does not know"),
            (try authority.answer(about: "server", .revoked), .revoked, "revoked"),
            (try authority.answer(about: "server", isEndless: true), .badResponse, "until when"),
            ([UInt8](repeating: 0, count: OCSPResponse.mostBytes), .badResponse, "no OCSP response"),
            ([UInt8](repeating: 0, count: OCSPResponse.mostBytes + 1), .fileTooLarge, "16 KiB"),
        ]
        for (answer, code, words) in found {
            let problem = try #require(try server.judged(answer), "\(words)")
            #expect(problem.code == code)
            #expect(problem.message.contains(words), "\(problem)")
        }
        #expect(try server.judged(good) == nil)
    }

    @Test func `a response is refused before it begins and when it has ended`() throws {
        let server = try StapledServer()
        let answer = try server.authority.answer(about: "server")

        #expect(try server.judged(answer, later: -3600)?.code == .notYetValid)
        #expect(try server.judged(answer, later: 86_400) == nil)
        #expect(try server.judged(answer, later: 3 * 86_400)?.code == .expired)
    }

    @Test func `without the issuer in the chain the serial number tells`() throws {
        let server = try StapledServer()
        try server.authority.issue("other")

        let (own, foreign) = try (
            server.authority.answer(about: "server"), server.authority.answer(about: "other")
        )

        #expect(try server.judged(own, chain: "server.pem") == nil)
        #expect(try server.judged(foreign, chain: "server.pem")?.code == .badResponse)
    }
}

@Suite("OCSP responses that change while they are in use", .timeLimit(.minutes(2)))
struct StapleInForceTests {
    @Test func `a changed file is stapled, and told`() throws {
        let server = try StapledServer()
        let (old, new) = try (
            server.authority.answer(about: "server"),
            server.authority.answer(about: "server", digest: "sha256")
        )
        try server.authority.put(old, "ocsp.der")
        let certificate = try server.certificate()
        let context = certificate.context

        try server.authority.put(new, "ocsp.der")
        certificate.refresh()

        #expect(certificate.takeNews() == [.stapled])
        #expect(try server.staple(certificate) == new)
        #expect(certificate.context === context)
        certificate.refresh()
        #expect(certificate.takeNews() == [])
    }

    @Test func `a half-written file is given until the second look, and told once`() throws {
        let server = try StapledServer()
        let good = try server.authority.answer(about: "server")
        try server.authority.put(good, "ocsp.der")
        let certificate = try server.certificate()

        try server.authority.put(Array(good.prefix(100)), "ocsp.der")
        certificate.refresh()
        #expect(certificate.takeNews() == [])
        #expect(try server.staple(certificate) == good)

        certificate.refresh()
        guard case .notStapled(let problem)? = certificate.takeNews().first else {
            Issue.record("the problem was not told")
            return
        }
        #expect(problem.code == .badResponse)
        #expect(problem.file == server.authority.path("ocsp.der"))
        #expect(certificate.stapleProblem?.code == .badResponse)
        #expect(try server.staple(certificate) == nil)
        certificate.refresh()
        #expect(certificate.takeNews() == [])

        try server.authority.put(good, "ocsp.der")
        certificate.refresh()
        #expect(certificate.takeNews() == [.stapled])
        #expect(certificate.stapleProblem == nil)
        #expect(try server.staple(certificate) == good)
    }

    @Test func `a response that ends in use is told, and the connection is served without it`() throws {
        let server = try StapledServer()
        let answer = try server.authority.answer(about: "server")
        try server.authority.put(answer, "ocsp.der")
        let certificate = try server.certificate()

        let end = try server.end(of: answer)
        server.time.withLock { $0 = end }
        certificate.refresh()

        #expect(certificate.stapleProblem?.code == .expired)
        #expect(certificate.problem == nil)
        #expect(try server.staple(certificate) == nil)
    }

    @Test func `a renewed certificate is not shown with what was said about the one before`() throws {
        let server = try StapledServer()
        try server.authority.put(server.authority.answer(about: "server"), "ocsp.der")
        let certificate = try server.certificate()
        try server.authority.issue("renewed")

        try server.put("renewed")
        certificate.refresh(isAsked: true)
        #expect(certificate.takeNews().first == .renewed)
        #expect(certificate.stapleProblem?.code == .badResponse)
        #expect(try server.staple(certificate) == nil)

        let answer = try server.authority.answer(about: "renewed")
        try server.authority.put(answer, "ocsp.der")
        certificate.refresh()
        #expect(certificate.takeNews() == [.stapled])
        #expect(try server.staple(certificate) == answer)
    }

    @Test func `a file that is missing at the start is told, and read when it is there`() throws {
        let server = try StapledServer()

        let certificate = try server.certificate()
        #expect(certificate.takeNews().count == 1)
        #expect(certificate.stapleProblem?.code == .missingFile)
        #expect(try server.staple(certificate) == nil)

        try server.authority.put(server.authority.answer(about: "server"), "ocsp.der")
        certificate.refresh()
        #expect(certificate.takeNews() == [.stapled])
    }

    @Test func `a must-staple certificate without a response is told, and with one it is not`() throws {
        let server = try StapledServer(more: ["tlsfeature=status_request"])

        let unnamed = try server.certificate(response: nil)
        #expect(unnamed.stapleProblem?.code == .responseMissing)
        #expect(unnamed.takeNews().count == 1)
        let missing = try server.certificate()
        #expect(missing.stapleProblem?.message.contains("must-staple") == true)

        try server.authority.put(server.authority.answer(about: "server"), "ocsp.der")
        #expect(try server.certificate().stapleProblem == nil)
        #expect(try StapledServer().certificate(response: nil).stapleProblem == nil)
    }
}

/// An authority, a certificate of it for a server in `live.pem` and `live.key`, and a clock.
private final class StapledServer: Sendable {
    let authority: Authority
    let time: Mutex<Int64>

    init(more: [String] = []) throws {
        authority = try Authority()
        time = Mutex(try authority.now)
        try authority.issue("server", more: more)
        try put("server")
    }

    func put(_ name: String) throws {
        for (source, target) in [(name + "-chain.pem", "live.pem"), (name + ".key", "live.key")] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: authority.path(source)))
            try authority.put(Array(bytes), target)
        }
    }

    func certificate(_ policy: TLSPolicy = .commercial, response: String? = "ocsp.der") throws
        -> CertificateInForce
    {
        try CertificateInForce(
            policy: policy,
            files: TLSFiles(
                certificate: authority.path("live.pem"),
                key: authority.path("live.key"),
                response: response.map(authority.path)
            ),
            library: TestFiles.shared.library,
            tickets: TestFiles.shared.tickets,
            clock: { self.time.withLock { $0 } }
        )
    }

    /// What a client gets stapled.
    func staple(_ certificate: CertificateInForce, _ version: TLSVersion = .tls13, isAsked: Bool = true)
        throws -> [UInt8]?
    {
        let client = try ClientOnChannel(
            client: .init(newest: version, asksForStaple: isAsked),
            context: certificate.context
        )
        #expect(try client.shakeHands())
        return client.client.staple
    }

    /// What is wrong with an answer; nil when nothing is.
    func judged(_ answer: [UInt8], later seconds: Int64 = 0, chain: String = "server-chain.pem") throws
        -> TLSConfigurationError?
    {
        try authority.put(answer, "judged.der")
        let context = try TLSServerContext(
            policy: .commercial,
            files: TLSFiles(certificate: authority.path(chain), key: authority.path("server.key")),
            library: TestFiles.shared.library,
            tickets: nil,
            now: authority.now
        )
        do throws(TLSConfigurationError) {
            _ = try OCSPResponse.reading(
                authority.path("judged.der"),
                about: context.chain,
                library: TestFiles.shared.library,
                now: time.withLock { $0 } + seconds
            )
            return nil
        } catch {
            return error
        }
    }

    /// The first second at which an answer holds no more.
    func end(of answer: [UInt8]) throws -> Int64 {
        try authority.put(answer, "judged.der")
        let context = try certificate(response: nil).context
        return try OCSPResponse.reading(
            authority.path("judged.der"),
            about: context.chain,
            library: TestFiles.shared.library,
            now: time.withLock { $0 }
        ).nextUpdate
    }
}
