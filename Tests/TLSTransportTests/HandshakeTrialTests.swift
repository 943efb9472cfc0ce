import TLSTransport
import Testing

@Suite("Handshakes in memory: what a listener takes of clients that offer just this")
struct HandshakeTrialTests {
    static let allowed = [
        HandshakeTrial(version: .tls13, suites: ["TLS_AES_256_GCM_SHA384"], groups: ["P-256"]),
        HandshakeTrial(version: .tls13, suites: ["TLS_AES_128_GCM_SHA256"], groups: ["P-384"]),
        HandshakeTrial(version: .tls12, suites: ["ECDHE-RSA-AES256-GCM-SHA384"], groups: ["P-256"]),
        HandshakeTrial(version: .tls12, suites: ["ECDHE-RSA-AES128-GCM-SHA256"], groups: ["P-384"]),
    ]

    static let commercialOnly = [
        HandshakeTrial(version: .tls13, suites: ["TLS_AES_256_GCM_SHA384"], groups: ["X25519"]),
        HandshakeTrial(version: .tls12, suites: ["ECDHE-RSA-AES256-GCM-SHA384"], groups: ["X25519"]),
        HandshakeTrial(version: .tls13, suites: ["TLS_CHACHA20_POLY1305_SHA256"], groups: ["P-256"]),
        HandshakeTrial(version: .tls12, suites: ["ECDHE-RSA-CHACHA20-POLY1305"], groups: ["P-256"]),
    ]

    static let forbidden = [
        HandshakeTrial(version: .tls12, suites: ["ECDHE-RSA-AES128-SHA256"], groups: ["P-256"]),
        HandshakeTrial(version: .tls12, suites: ["AES128-GCM-SHA256"], groups: ["P-256"]),
        HandshakeTrial(version: .tls13, suites: ["TLS_AES_256_GCM_SHA384"], groups: ["P-521"]),
    ]

    @Test(arguments: allowed)
    func `both policies take AES-GCM on NIST curves`(_ trial: HandshakeTrial) throws {
        for policy in [TLSPolicy.commercial, .gccHigh] {
            let server = try TestFiles.shared.context(policy, "rsa2048")

            let outcome = trial.attempt(with: server, from: TestFiles.shared.library)

            #expect(suite(outcome) == trial.suites.first)
        }
    }

    @Test(arguments: commercialOnly)
    func `X25519 and ChaCha20 are for the commercial cloud alone`(_ trial: HandshakeTrial) throws {
        let commercial = try TestFiles.shared.context(.commercial, "rsa2048")
        let gov = try TestFiles.shared.context(.gccHigh, "rsa2048")

        #expect(suite(trial.attempt(with: commercial, from: TestFiles.shared.library)) == trial.suites.first)
        #expect(isRefused(trial.attempt(with: gov, from: TestFiles.shared.library)))
    }

    @Test(arguments: forbidden)
    func `CBC, static RSA and other curves are for nobody`(_ trial: HandshakeTrial) throws {
        for policy in [TLSPolicy.commercial, .gccHigh] {
            let server = try TestFiles.shared.context(policy, "rsa2048")

            #expect(isRefused(trial.attempt(with: server, from: TestFiles.shared.library)))
        }
    }

    @Test func `what this OpenSSL does not have cannot be offered`() throws {
        let server = try TestFiles.shared.context(.commercial)
        let trials = [
            HandshakeTrial(version: .tls12, suites: ["NO-SUCH-SUITE"], groups: ["P-256"]),
            HandshakeTrial(version: .tls13, suites: ["TLS_AES_256_GCM_SHA384"], groups: ["P-0"]),
        ]

        for trial in trials {
            #expect(trial.attempt(with: server, from: TestFiles.shared.library) == .impossible)
        }
    }

    private func suite(_ outcome: HandshakeTrial.Outcome) -> String? {
        if case .agreed(let agreement) = outcome { agreement.cipher } else { nil }
    }

    private func isRefused(_ outcome: HandshakeTrial.Outcome) -> Bool {
        if case .refused = outcome { true } else { false }
    }
}
