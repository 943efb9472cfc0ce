import TLSTransport
import Testing

@Suite("Setting up TLS from a policy and PEM files")
struct TLSServerContextTests {
    let files = TestFiles.shared

    @Test(arguments: ["p256", "rsa2048"], [TLSPolicy.commercial, .gccHigh])
    func `a certificate that the policy allows is taken`(name: String, policy: TLSPolicy) throws {
        let context = try files.context(policy, name)

        #expect(context.subjects == ["localhost", "scim.example"])
        #expect(context.chainLength == 1)
        let left = try context.notAfter - files.now
        #expect(((29 * 86_400)...(31 * 86_400)).contains(left))
    }

    @Test func `the issuers of the file are sent, too`() throws {
        let chain = TLSFiles(certificate: files.path("chain.pem"), key: files.path("p256.key"))

        let context = try TLSServerContext(
            policy: .commercial,
            files: chain,
            library: files.library,
            tickets: files.tickets,
            now: files.now
        )

        #expect(context.chainLength == 2)
    }

    @Test func `a certificate is refused after its last second and before its first`() throws {
        let notAfter = try files.context(.commercial).notAfter
        let notBefore = notAfter - 30 * 86_400

        #expect(throws: Never.self) { try files.context(.commercial, now: notAfter) }
        #expect(code { try files.context(.commercial, now: notAfter + 1) } == .expired)
        #expect(throws: Never.self) { try files.context(.commercial, now: notBefore) }
        #expect(code { try files.context(.commercial, now: notBefore - 1) } == .notYetValid)
    }

    @Test(
        arguments: [
            ("none.pem", "p256.key", .missingFile), ("p256.pem", "none.key", .missingFile),
            ("p256.pem/x", "p256.key", .missingFile), (".", "p256.key", .unreadableFile),
            ("large.pem", "p256.key", .fileTooLarge), ("plain.txt", "p256.key", .notPEM),
            ("p256.key", "p256.key", .notPEM), ("p256.pem", "plain.txt", .notPEM),
            ("damaged.pem", "p256.key", .badCertificate), ("p256.pem", "damaged.key", .badKey),
            ("p256.pem", "encrypted.key", .encryptedKey), ("p256.pem", "p521.key", .keyDoesNotMatch),
            ("p256.pem", "rsa2048.key", .keyDoesNotMatch), ("rsa1024.pem", "rsa1024.key", .weakKey),
            ("p521.pem", "p521.key", .keyNotAllowed), ("ed25519.pem", "ed25519.key", .keyNotAllowed),
        ] as [(String, String, TLSConfigurationError.Code)]
    )
    func `each fault of the files has its code, its file and a remedy`(
        certificate: String,
        key: String,
        code: TLSConfigurationError.Code
    ) throws {
        let pair = TLSFiles(certificate: files.path(certificate), key: files.path(key))

        let error = #expect(throws: TLSConfigurationError.self) {
            try TLSServerContext(
                policy: .commercial,
                files: pair,
                library: files.library,
                tickets: files.tickets,
                now: files.now
            )
        }

        #expect(error?.code == code)
        #expect(error?.file == pair.certificate || error?.file == pair.key)
        #expect(error?.fix.isEmpty == false)
    }

    @Test func `an RSA key of the minimum is taken and one bit less is not`() throws {
        #expect(throws: Never.self) { try files.context(.commercial, "rsa2048") }
        #expect(
            code { try files.context(.commercial.changed { $0.minimumRSABits = 2049 }, "rsa2048") }
                == .weakKey
        )
    }

    @Test func `a key on a curve of the minimum is taken and one bit less is not`() throws {
        #expect(throws: Never.self) {
            try files.context(.commercial.changed { $0.minimumCurveBits = 384 }, "p384")
        }
        #expect(
            code { try files.context(.commercial.changed { $0.minimumCurveBits = 385 }, "p384") } == .weakKey
        )
    }

    @Test(arguments: [
        TLSPolicy.commercial.changed { $0.groups = ["P-256", "P-999"] },
        TLSPolicy.commercial.changed {
            $0.groups = ["P-256"]; $0.signatureAlgorithms = ["ECDSA+MD17"]
        },
        TLSPolicy.commercial.changed { $0.cipherList.append("ECDHE-RSA-TYPO") },
        TLSPolicy.commercial.changed { $0.cipherList = ["HIGH"] },
        TLSPolicy.commercial.changed { $0.cipherSuites = ["TLS_TYPO"] },
        TLSPolicy.commercial.changed {
            $0.minimumVersion = .tls13; $0.maximumVersion = .tls12
        },
        TLSPolicy.commercial.changed { $0.sessionIDContext = "" },
        TLSPolicy.commercial.changed { $0.sessionIDContext = String(repeating: "x", count: 33) },
        TLSPolicy.commercial.changed { $0.applicationProtocols = [] },
        TLSPolicy.commercial.changed { $0.applicationProtocols = [String(repeating: "x", count: 256)] },
    ])
    func `a policy that OpenSSL would only half follow is refused`(policy: TLSPolicy) {
        #expect(code { try files.context(policy) } == .badPolicy)
    }

    @Test func `a session id context of 32 bytes and a protocol of 255 are taken`() {
        let policy = TLSPolicy.commercial.changed {
            $0.sessionIDContext = String(repeating: "x", count: 32)
            $0.applicationProtocols = [String(repeating: "x", count: 255)]
        }

        #expect(throws: Never.self) { try files.context(policy) }
    }

    private func code(_ make: () throws -> TLSServerContext) -> TLSConfigurationError.Code? {
        #expect(throws: TLSConfigurationError.self) { _ = try make() }?.code
    }
}
