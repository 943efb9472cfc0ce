import Testing

@testable import Outbound
@testable import Rehearsal

@Suite("What a server takes, against what it should")
struct TLSSurveyTests {
    private let survey = TLSSurvey(
        suites12: ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
        suites13: ["TLS_AES_256_GCM_SHA384"]
    )
    private let right: Set<String> = ["ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_AES_256_GCM_SHA384"]

    /// A server with a key on a curve that takes these suites, and these old versions.
    private func found(_ suites: Set<String>, old: Set<TLSOffer.Version> = []) async throws -> TLSSurvey.Found
    {
        try await survey.run(keyKind: "EC") { offer in
            let isTaken =
                offer.suites.isEmpty
                ? offer.version.map(old.contains) ?? true : offer.suites.allSatisfy(suites.contains)
            return isTaken ? nil : HTTPSFailure(.handshake, "")
        }
    }

    @Test func `a server that takes just its table has neither excess nor want`() async throws {
        let found = try await found(right)

        #expect(found.excess.isEmpty && found.missing.isEmpty)
        #expect(found.versions == ["TLSv1.2", "TLSv1.3"] && Set(found.suites) == right)
    }

    @Test func `suites of the other kind of key are not missed`() async throws {
        #expect(try await found(right).missing.isEmpty)
    }

    @Test(arguments: ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "TLS_CHACHA20_POLY1305_SHA256"])
    func `a suite outside the table is excess`(suite: String) async throws {
        #expect(try await found(right.union([suite])).excess == [suite])
    }

    @Test(arguments: ["ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_AES_256_GCM_SHA384"])
    func `a suite of the table that is refused is missing`(suite: String) async throws {
        let found = try await found(right.subtracting([suite]))

        #expect(found.missing == [suite] && found.versions.count == 1)
    }

    @Test(arguments: [TLSOffer.Version.tls10, .tls11])
    func `an old version is excess`(version: TLSOffer.Version) async throws {
        #expect(try await found(right, old: [version]).excess == [version.rawValue])
    }

    @Test func `a server that is gone is no refusal`() async {
        await #expect(throws: HTTPSFailure(.notConnected, "")) {
            try await survey.run(keyKind: "EC") { _ in HTTPSFailure(.notConnected, "") }
        }
    }
}
