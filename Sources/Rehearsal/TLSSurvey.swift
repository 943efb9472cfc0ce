package import Outbound

/// Finds out by handshakes what a server takes, and holds it against what it should.
package struct TLSSurvey: Sendable {
    /// The suites of TLS 1.2 that it should take, by OpenSSL's names.
    private let suites12: [String]
    /// Those of TLS 1.3.
    private let suites13: [String]

    /// What came of the handshakes.
    package struct Found: Sendable, Equatable {
        /// The versions that it takes.
        package var versions: [String] = []
        /// The suites that it takes, of those that were tried.
        package var suites: [String] = []
        /// What it takes and should not.
        package var excess: [String] = []
        /// What it should take and does not.
        package var missing: [String] = []
    }

    /// A survey against a profile's table.
    package init(suites12: [String], suites13: [String]) {
        self.suites12 = suites12
        self.suites13 = suites13
    }

    /// Shakes hands once for each version that nobody should speak, and once for each suite.
    ///
    /// `keyKind` is that of the server's certificate: suites of the other kind nobody can take. `failure` makes one
    /// handshake, and gives nil when the two agreed; what is no refusal ends the survey.
    package func run(
        keyKind: String,
        failure: (TLSOffer) async -> HTTPSFailure?
    ) async throws(HTTPSFailure) -> Found {
        var found = Found()
        for version in [TLSOffer.Version.tls10, .tls11]
        where try await isTaken(TLSOffer(version: version), failure) {
            found.versions.append(version.rawValue)
            found.excess.append(version.rawValue)
        }
        for (version, wanted, unwanted) in [
            (TLSOffer.Version.tls12, suites12, Self.others12), (.tls13, suites13, Self.others13),
        ] {
            let possible = wanted.filter { version == .tls13 || Self.fits($0, keyKind) }
            let others = unwanted.filter { !wanted.contains($0) }
            var isSpoken = false
            for suite in possible + others {
                let isWanted = possible.contains(suite)
                let isTaken = try await isTaken(TLSOffer(version: version, suites: [suite]), failure)
                if isTaken { found.suites.append(suite) }
                isSpoken = isSpoken || isTaken
                if isTaken, !isWanted { found.excess.append(suite) }
                if !isTaken, isWanted { found.missing.append(suite) }
            }
            if isSpoken { found.versions.append(version.rawValue) }
        }
        return found
    }

    private func isTaken(
        _ offer: TLSOffer,
        _ failure: (TLSOffer) async -> HTTPSFailure?
    ) async throws(HTTPSFailure) -> Bool {
        guard let failure = await failure(offer) else { return true }
        guard [.handshake, .impossible, .broken].contains(failure.code) else { throw failure }
        return false
    }

    /// Whether a server with a key of that kind can take a suite of TLS 1.2.
    private static func fits(_ suite: String, _ keyKind: String) -> Bool {
        suite.contains("ECDSA") == (keyKind != "RSA")
    }

    /// What no profile takes, and what one takes that another does not: TLS 1.2.
    private static let others12 = [
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-SHA256",
        "ECDHE-RSA-AES128-SHA256", "DHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256", "AES128-SHA",
    ]
    /// The same for TLS 1.3.
    private static let others13 = [
        "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
    ]
}
