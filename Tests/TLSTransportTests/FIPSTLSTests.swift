import Crypto
import Foundation
import TLSTransport
import Testing

@Suite("TLS inside a FIPS module", FIPSModule.isNeeded)
struct FIPSTLSTests {
    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let library = Result {
        try LibraryContext(name: "fips", in: FIPSModule(configFile: FIPSModule.testFile ?? ""))
    }

    @Test(arguments: HandshakeTrialTests.allowed)
    func `the policy of gcc-high agrees with ordinary clients`(_ trial: HandshakeTrial) throws {
        let outcome = try trial.attempt(with: context(.gccHigh), from: TestFiles.shared.library)

        guard case .agreed(let agreement) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(agreement.cipher == trial.suites.first)
        #expect(agreement.group == (trial.groups == ["P-256"] ? "secp256r1" : "secp384r1"))
    }

    @Test(arguments: HandshakeTrialTests.commercialOnly + HandshakeTrialTests.forbidden)
    func `clients that have only something else are refused`(_ trial: HandshakeTrial) throws {
        let outcome = try trial.attempt(with: context(.gccHigh), from: TestFiles.shared.library)

        guard case .refused = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    /// The policy of the commercial cloud names suites that a module does not have.
    @Test func `a policy that names what the module does not have is refused, not half followed`() throws {
        let error = #expect(throws: TLSConfigurationError.self) { try context(.commercial) }

        #expect(error?.code == .badPolicy)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a client's chain is walked in the module, and so is what is stapled`(version: TLSVersion) throws {
        let authority = try Authority()
        try authority.issue("server")
        try authority.issue("client", for: .client)
        let answer = try authority.answer(about: "server")
        try authority.put(answer, "ocsp.der")
        let now = try authority.now
        let certificate = try CertificateInForce(
            policy: .gccHigh.changed { $0.clientCertificates = .required },
            files: TLSFiles(
                certificate: authority.path("server-chain.pem"),
                key: authority.path("server.key"),
                response: authority.path("ocsp.der"),
                clientAuthorities: authority.certificate
            ),
            library: Self.library.get(),
            tickets: nil,
            clock: { now }
        )
        let files = TLSFiles(certificate: authority.path("client.pem"), key: authority.path("client.key"))

        let known = try ClientOnChannel(
            client: .init(newest: version, asksForStaple: true, certificate: files),
            context: certificate.context
        )
        let unknown = try ClientOnChannel(client: .init(newest: version), context: certificate.context)

        #expect(try known.shakeHands())
        #expect(known.client.staple == answer)
        #expect(known.above.agreement?.clientFingerprint?.count == 32)
        _ = try unknown.shakeHands()
        #expect(unknown.above.events.contains(.failure(TLSFailure(.handshakeFailed))))
    }

    private func context(_ policy: TLSPolicy) throws -> TLSServerContext {
        try TLSServerContext(
            policy: policy,
            files: TestFiles.shared.files("rsa2048"),
            library: Self.library.get(),
            tickets: nil,
            now: TestFiles.shared.now
        )
    }
}

extension FIPSModule {
    /// The file of the module that `deploy/fips-module` built for tests, when it did.
    fileprivate static let testFile = ProcessInfo.processInfo.environment["FIPS_MODULE_CONFIG"]

    /// Tests that need it run only with it.
    fileprivate static let isNeeded = ConditionTrait.enabled(
        if: testFile != nil,
        "there is no FIPS module: deploy/fips-module builds one, deploy/test sets FIPS_MODULE_CONFIG"
    )
}
