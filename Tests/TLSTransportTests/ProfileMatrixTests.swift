import CloudProfiles
import Readiness
import TLSTransport
import Testing

@Suite("Each cloud profile's TLS, proven by handshakes with openssl", .serialized, .timeLimit(.minutes(5)))
struct ProfileMatrixTests {
    @Test(arguments: ProfileTable.all, ["rsa3072", "p384"])
    func `versions, suites, groups and signatures are taken or refused as the table says`(
        table: ProfileTable,
        key: String
    ) async throws {
        let context = try TestFiles.shared.context(TLSPolicy(.named(table.profile)), key)

        try await EchoServer.with(context) { server in
            let answers = try await server.sClientBatch(MatrixOffer.all.map { $0.arguments(table) })

            #expect(answers.count == MatrixOffer.all.count)
            for (offer, answer) in zip(MatrixOffer.all, answers) {
                guard offer.isTaken(by: table, key: key) else {
                    #expect(answer.wasRefusedByAlert, "\(offer) \(answer.text)")
                    continue
                }
                #expect(answer["Protocol version"] == offer.version.rawValue, "\(offer) \(answer.text)")
                if let suite = offer.suite { #expect(answer["Ciphersuite"] == suite, "\(offer)") }
                if let group = offer.group { #expect(answer.group == group, "\(offer)") }
                if let signature = offer.signature { #expect(answer.signature == signature, "\(offer)") }
            }
        }
    }

    @Test(arguments: ProfileTable.all, ["rsa3072", "p384"])
    func `of many offers the server takes its own favourites`(table: ProfileTable, key: String) async throws {
        let context = try TestFiles.shared.context(TLSPolicy(.named(table.profile)), key)
        let kind = key == "p384" ? "-ECDSA-" : "-RSA-"
        // The client names them the other way round.
        let groups = "-groups \(table.groups.reversed().joined(separator: ":"))"
        let suites13 = "-ciphersuites \(table.suites13.reversed().joined(separator: ":"))"
        let favourites12 = table.suites12.filter { $0.contains(kind) && !$0.contains("CHACHA") }
        let suites12 = "-cipher \(favourites12.reversed().joined(separator: ":"))"

        try await EchoServer.with(context) { server in
            let answers = try await server.sClientBatch([
                "-tls1_2 \(groups) \(suites12)", "-tls1_3 \(groups) \(suites13)",
            ])

            // In TLS 1.3 a key share at hand that is allowed saves a round trip: the client's first.
            #expect(answers.map { $0.group } == [table.groups.first, table.groups.last])
            #expect(answers.map { $0["Ciphersuite"] } == [favourites12.first, table.suites13.first])
        }
    }

    @Test func `a commercial client that puts ChaCha20 first gets it`() async throws {
        let context = try TestFiles.shared.context(TLSPolicy(.commercial), "rsa3072")

        try await EchoServer.with(context) { server in
            let answers = try await server.sClientBatch([
                "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384",
                "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384",
            ])

            #expect(
                answers.map { $0["Ciphersuite"] } == [
                    "ECDHE-RSA-CHACHA20-POLY1305", "TLS_CHACHA20_POLY1305_SHA256",
                ]
            )
        }
    }

    @Test(arguments: ProfileTable.all)
    func `older versions are refused with whatever suites`(table: ProfileTable) async throws {
        let context = try TestFiles.shared.context(TLSPolicy(.named(table.profile)), "rsa3072")

        try await EchoServer.with(context) { server in
            let answers = try await server.sClientBatch([
                "-tls1_1 -cipher ALL:@SECLEVEL=0", "-tls1 -cipher ALL:@SECLEVEL=0",
            ])

            #expect(answers.allSatisfy { $0.wasRefusedByAlert }, "\(answers.map(\.text))")
        }
    }

    @Test(arguments: ProfileTable.all)
    func `certificates' keys are taken or refused as the table says`(table: ProfileTable) throws {
        let policy = TLSPolicy(.named(table.profile))

        for key in ["rsa1024", "rsa2048", "rsa3072", "p256", "p384", "p521", "ed25519"] {
            if table.keys.contains(key) {
                #expect(throws: Never.self) { try TestFiles.shared.context(policy, key) }
            } else {
                #expect(throws: TLSConfigurationError.self) { try TestFiles.shared.context(policy, key) }
            }
        }
    }

    @Test(arguments: ProfileTable.all)
    func `a P-256 key signs with SHA-256 in TLS 1.3, and is taken in TLS 1.2 on its curve only`(
        table: ProfileTable
    ) async throws {
        guard table.keys.contains("p256") else { return }
        let context = try TestFiles.shared.context(TLSPolicy(.named(table.profile)), "p256")
        let offers = MatrixOffer.all.filter { $0.suite == nil || $0.suite?.contains("AES128-GCM") == true }

        try await EchoServer.with(context) { server in
            let answers = try await server.sClientBatch(offers.map { $0.arguments(table) })

            for (offer, answer) in zip(offers, answers) {
                let isTaken = offer.isTaken(by: table, key: "p256")
                #expect((answer["Protocol version"] != nil) == isTaken, "\(offer) \(answer.text)")
                #expect(answer.wasRefusedByAlert == !isTaken, "\(offer)")
            }
        }
    }

    @Test(arguments: ProfileTable.all)
    func `no profile compresses, renegotiates or takes early data`(table: ProfileTable) async throws {
        let context = try TestFiles.shared.context(TLSPolicy(.named(table.profile)), "p384")
        let folder = TestFiles.shared.folder
        let session = "\(folder)/\(table.profile.rawValue).session"

        try await EchoServer.with(context) { server in
            let outcome = try await OutsideProgram.run(
                [
                    "sh", "-c",
                    """
                    client="openssl s_client -connect 127.0.0.1:\(server.port)"
                    (sleep 0.3; echo R; sleep 0.3) | $client -tls1_2 -comp
                    (sleep 0.3) | $client -tls1_3 -sess_out \(session)
                    echo early >\(session).data
                    $client -tls1_3 -sess_in \(session) -early_data \(session).data </dev/null
                    """,
                ],
                seconds: 20
            )

            #expect(outcome.output.contains("no renegotiation"), "\(outcome.output)")
            #expect(outcome.output.contains("Compression: NONE"))
            #expect(outcome.output.contains("Max Early Data: 0"))
            #expect(outcome.output.contains("Early data was not sent"))
            #expect(!outcome.output.contains("Compression: zlib"))
        }
    }
}
