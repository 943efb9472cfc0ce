import CloudProfiles
import Testing

/// What the TLS of one cloud profile takes, written down a second time: the policy is made from
/// the profile, and must not be its own witness.
///
/// Source: RFC 9325 and Mozilla's intermediate list; NIST SP 800-52r2 §3; RFC 9151 for dod.
struct ProfileTable: Sendable, CustomTestStringConvertible {
    let profile: CloudProfile.Name
    /// TLS 1.2 suites, the server's favourite first.
    let suites12: [String]
    /// TLS 1.3 suites, the server's favourite first.
    let suites13: [String]
    /// Groups, the server's favourite first.
    let groups: [String]
    let signatures: [String]
    /// Names of the keys that a certificate may have.
    let keys: [String]

    var testDescription: String { profile.rawValue }

    static let all = [
        ProfileTable(
            profile: .commercial,
            suites12: [
                "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
                "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
                "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
            ],
            suites13: ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
            groups: ["X25519", "P-256", "P-384"],
            signatures: [
                "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA512", "RSA-PSS+SHA256", "RSA-PSS+SHA384",
                "RSA-PSS+SHA512", "RSA+SHA256", "RSA+SHA384", "RSA+SHA512",
            ],
            keys: ["rsa2048", "rsa3072", "p256", "p384"]
        ),
        government(.gcc, keys: ["rsa2048", "rsa3072", "p256", "p384"]),
        government(.gccHigh, keys: ["rsa3072", "p256", "p384"]),
        government(
            .dod,
            suites13: ["TLS_AES_256_GCM_SHA384"],
            groups: ["P-384", "P-256"],
            keys: ["rsa3072", "p384"]
        ),
        government(.china, keys: ["rsa2048", "rsa3072", "p256", "p384"]),
    ]

    /// AES-GCM and NIST curves only, with what differs between those clouds.
    private static func government(
        _ profile: CloudProfile.Name,
        suites13: [String] = ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"],
        groups: [String] = ["P-256", "P-384"],
        keys: [String]
    ) -> ProfileTable {
        ProfileTable(
            profile: profile,
            suites12: [
                "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
                "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            ],
            suites13: suites13,
            groups: groups,
            signatures: [
                "ECDSA+SHA256", "ECDSA+SHA384", "RSA-PSS+SHA256", "RSA-PSS+SHA384", "RSA+SHA256",
                "RSA+SHA384",
            ],
            keys: keys
        )
    }
}

/// What a client offers in one handshake of the matrix: one value on each axis.
struct MatrixOffer: Sendable, Equatable {
    enum Version: String, CaseIterable {
        case tls12 = "TLSv1.2"
        case tls13 = "TLSv1.3"
    }

    var version: Version
    /// Nil: all that the client has.
    var suite: String?
    /// Nil: those that the table has.
    var group: String?
    /// Nil: those of the client.
    var signature: String?

    /// Every version, suite and group that an OpenSSL of today can offer, the forbidden ones
    /// included; then every version with every signature algorithm.
    ///
    /// Signatures depend on neither suite nor group, so that the two are not multiplied.
    static let all: [MatrixOffer] =
        suites12.flatMap { suite in groups.map { MatrixOffer(version: .tls12, suite: suite, group: $0) } }
        + suites13.flatMap { suite in groups.map { MatrixOffer(version: .tls13, suite: suite, group: $0) } }
        + (signatures + oldSignatures).map { MatrixOffer(version: .tls12, signature: $0) }
        + signatures.map { MatrixOffer(version: .tls13, signature: $0) }

    private static let suites12 =
        ["ECDSA", "RSA"].flatMap { key in
            [
                "AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-SHA256",
                "AES256-SHA384",
                "AES256-SHA",
            ]
            .map { "ECDHE-\(key)-\($0)" }
        } + ["ECDHE-ECDSA-AES128-CCM", "AES128-GCM-SHA256", "AES256-SHA", "DHE-RSA-AES256-GCM-SHA384"]
    private static let suites13 = [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
    ]
    private static let groups = ["X25519", "X448", "P-256", "P-384", "P-521"]
    private static let signatures =
        ["ECDSA", "RSA-PSS", "RSA"].flatMap { kind in
            ["SHA256", "SHA384", "SHA512"].map { "\(kind)+\($0)" }
        } + ["ed25519"]
    /// No client of today can offer these in TLS 1.3.
    private static let oldSignatures = ["ECDSA+SHA1", "RSA+SHA1", "ECDSA+SHA224", "RSA+SHA224"]

    /// Whether the table takes the offer, the server's key being of that name.
    func isTaken(by table: ProfileTable, key: String) -> Bool {
        let isRSA = key.hasPrefix("rsa")
        let curve = key == "p256" ? "P-256" : "P-384"
        if let suite {
            let suites = version == .tls12 ? table.suites12 : table.suites13
            guard suites.contains(suite) else { return false }
            if version == .tls12, suite.contains("-RSA-") != isRSA { return false }
        }
        if let group {
            guard table.groups.contains(group) else { return false }
            // In TLS 1.2 a certificate's curve must be among the client's groups: RFC 8422 §5.1.
            if version == .tls12, !isRSA, group != curve { return false }
        }
        guard let signature else { return true }
        guard table.signatures.contains(signature) else { return false }
        switch version {
        case .tls12: return signature.hasPrefix("RSA") == isRSA
        // PKCS#1 is gone, and a curve has its digest: RFC 8446 §4.2.3.
        case .tls13 where isRSA: return signature.hasPrefix("RSA-PSS")
        case .tls13: return signature == (key == "p256" ? "ECDSA+SHA256" : "ECDSA+SHA384")
        }
    }

    /// The offer in the words of `openssl s_client`; level 0, so that it is the server who refuses.
    func arguments(_ table: ProfileTable) -> String {
        var words = version == .tls12 ? ["-tls1_2"] : ["-tls1_3"]
        switch version {
        case .tls12: words += ["-cipher", "\(suite ?? "ALL"):@SECLEVEL=0"]
        case .tls13: words += ["-cipher", "ALL:@SECLEVEL=0"] + (suite.map { ["-ciphersuites", $0] } ?? [])
        }
        words += ["-groups", group ?? table.groups.joined(separator: ":")]
        if let signature { words += ["-sigalgs", signature] }
        return words.joined(separator: " ")
    }
}
