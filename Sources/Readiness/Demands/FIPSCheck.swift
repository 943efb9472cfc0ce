import CloudProfiles
import Configuration
import Crypto
package import SCIM
import TLSTransport
package import Tenancy

/// `fips-check`: a FIPS module loaded as a start would load it, what it told of itself, and what runs in it.
///
/// It states what happened here and now. That a module is validated it cannot know, and never says.
package struct FIPSCheck: Codable, Sendable {
    /// The profile it is for.
    package var profile: String
    /// `required`, `preferred` or `off`.
    package var demand: String
    /// The path of the module's file; nil when none is named.
    package var module: String?
    /// The provider's name for itself; nil when no module is active.
    package var provider: String?
    /// Its version.
    package var version: String?
    /// The self-tests that it ran on being loaded.
    package var selfTests: [SelfTest] = []
    /// What the gateway uses, and where it comes from.
    package var uses: [Use] = []
    /// What must not be to be had, and is not.
    package var absent: [String] = []
    /// What clients would get of the profile's listeners.
    package var handshakes: [Handshake] = []
    /// What is not as it should be; empty is good.
    package var problems: [String] = []

    /// One self-test of the module.
    package struct SelfTest: Codable, Sendable {
        /// What kind: `KAT_Cipher`.
        package var kind: String
        /// Of what: `AES_GCM`.
        package var subject: String
        /// Whether it passed.
        package var hasPassed: Bool
    }

    /// Something that the gateway does with an algorithm.
    package struct Use: Codable, Sendable {
        /// OpenSSL's name of the algorithm.
        package var algorithm: String
        /// What it is used for.
        package var purpose: String
        /// Where it comes from: `fips`; nil when it is not to be had.
        package var provider: String?
    }

    /// One handshake in memory.
    package struct Handshake: Codable, Sendable {
        /// The listener's address.
        package var listener: String
        /// What the client offered: `TLSv1.3 with P-256`.
        package var offer: String
        /// The suite that was agreed on; nil when the client was refused.
        package var suite: String?
    }
}

// MARK: - The checks

extension FIPSCheck {
    /// Checks every profile that demands a module, or names one.
    ///
    /// `now` is the moment at which their listeners' certificates must be good.
    package static func all(_ settings: GatewaySettings, now: Timestamp) -> [FIPSCheck] {
        CloudProfile.Name.allCases.compactMap { name in
            let fips = settings.fips(of: name)
            let isServed = settings.servedProfiles.contains(name)
            guard fips.configFile != nil || (isServed && (fips.demand != .off || fips.loosened != nil)) else {
                return nil
            }
            return FIPSCheck(
                of: name,
                fips,
                listeners: settings.listeners.filter { $0.profile.value == name },
                now: now
            )
        }
    }

    /// Checks the module of that file as gcc-high would use it, without a settings file.
    package static func module(_ file: String, now: Timestamp) -> FIPSCheck {
        let place = Placed(file, at: FilePlace(file: file))
        return FIPSCheck(
            of: .gccHigh,
            GatewaySettings.FIPS(demand: .required, configFile: place),
            listeners: [],
            now: now
        )
    }

    private init(
        of name: CloudProfile.Name,
        _ fips: GatewaySettings.FIPS,
        listeners: [GatewaySettings.Listener],
        now: Timestamp
    ) {
        profile = name.rawValue
        demand = fips.demand.rawValue
        module = fips.configFile?.value
        switch ProfileLibrary.made(for: name, fips) {
        case .made(let library, let attention):
            if let attention { problems.append(attention) }
            guard let evidence = library.fips else { return }
            examine(library, evidence)
            for listener in listeners { shakeHands(at: listener, library, now) }
        case .notMet(let reason):
            problems.append(reason)
        case .failed(let error):
            problems.append("OpenSSL failed (\(error.opensslReasons.joined(separator: "; ")))")
        }
    }

    private mutating func examine(_ library: LibraryContext, _ evidence: FIPSModule.Evidence) {
        provider = evidence.name
        version = evidence.version
        selfTests = evidence.selfTests.map {
            SelfTest(kind: $0.kind, subject: $0.subject, hasPassed: $0.hasPassed)
        }
        uses = Self.used.map { algorithm, purpose in
            Use(algorithm: "\(algorithm)", purpose: purpose, provider: library.provider(of: algorithm))
        }
        for use in uses where use.provider != "fips" {
            problems.append(
                "\(use.algorithm) (\(use.purpose)) comes from \(use.provider ?? "nowhere"), not from the module"
            )
        }
        for algorithm in Self.unwanted {
            if let provider = library.provider(of: algorithm) {
                problems.append("\(algorithm) is to be had, from \(provider)")
            } else {
                absent.append("\(algorithm)")
            }
        }
    }

    /// What the gateway and its TLS compute with.
    private static let used: [(Algorithm, String)] = [
        (.generator, "ids, tokens, keys, nonces"),
        (.digest("SHA2-256"), "tokens, entity tags, TLS"),
        (.digest("SHA2-384"), "TLS"),
        (.mac("HMAC"), "TLS and its tickets"),
        (.cipher("AES-256-GCM"), "cursors (nonces by the module), TLS"),
        (.cipher("AES-128-GCM"), "TLS"),
        (.cipher("AES-256-CBC"), "tickets of TLS"),
        (.derivation("TLS13-KDF"), "TLS 1.3"),
        (.derivation("TLS1-PRF"), "TLS 1.2"),
        (.agreement("ECDH"), "key exchange"),
        (.signature("ECDSA"), "certificates"),
        (.signature("RSA"), "certificates"),
    ]
    /// Two that every ordinary OpenSSL has, and no FIPS module.
    private static let unwanted: [Algorithm] = [.digest("MD5"), .cipher("ChaCha20-Poly1305")]
}

// MARK: - Handshakes

extension FIPSCheck {
    /// Offers a listener what it must take and what it must refuse.
    private mutating func shakeHands(
        at listener: GatewaySettings.Listener,
        _ library: LibraryContext,
        _ now: Timestamp
    ) {
        let policy = TLSPolicy(.named(listener.profile.value))
        let address = "\(listener.address.value)"
        do throws(TLSConfigurationError) {
            let server = try TLSServerContext(
                policy: policy,
                files: TLSFiles(
                    certificate: listener.certificate.value,
                    key: listener.key.value
                ),
                library: library,
                tickets: nil,
                now: now.milliseconds / 1_000
            )
            // What clients have, ours must not.
            let client = try Self.ordinaryClient()
            for offer in Offer.all(policy) {
                let outcome = offer.trial.attempt(with: server, from: client)
                note(offer, outcome, at: address)
            }
        } catch {
            problems.append("\(listener.certificate.place.fileAndLine): \(error)")
        }
    }

    /// What clients have, whatever module ours must have.
    ///
    /// - Throws: `noTLS` when OpenSSL has no memory.
    static func ordinaryClient() throws(TLSConfigurationError) -> LibraryContext {
        do throws(CryptoError) {
            return try LibraryContext(name: "client")
        } catch {
            throw TLSConfigurationError(
                .noTLS,
                file: "",
                message: "OpenSSL makes no context (\(error.opensslReasons.joined(separator: "; ")))",
                fix: "check the machine's memory and its OpenSSL installation"
            )
        }
    }

    private mutating func note(_ offer: Offer, _ outcome: HandshakeTrial.Outcome, at address: String) {
        var handshake = Handshake(listener: address, offer: offer.name)
        switch outcome {
        case .agreed(let agreement):
            handshake.suite = agreement.cipher
            if !offer.isAllowed { problems.append("\(address) takes a client with \(offer.name)") }
        case .refused(let failure):
            if offer.isDemanded {
                problems.append("\(address) refuses a client with \(offer.name) (\(failure))")
            }
        case .impossible:
            // Nobody who has this OpenSSL could offer it.
            return
        }
        handshakes.append(handshake)
    }

    /// What a client offers, and what should come of it.
    private struct Offer {
        let name: String
        let trial: HandshakeTrial
        let isAllowed: Bool
        /// Allowed, and possible with every certificate.
        let isDemanded: Bool

        /// One for each group and version of the policy, and one for each thing that is not in it.
        static func all(_ policy: TLSPolicy) -> [Offer] {
            let allowed = policy.groups.flatMap { group in
                [
                    // In TLS 1.3 the certificate's curve has nothing to do with the key exchange.
                    offer(
                        .tls13,
                        policy.cipherSuites,
                        [group],
                        name: group,
                        isAllowed: true,
                        isDemanded: true
                    ),
                    // In TLS 1.2 a certificate on a curve is no use to a client that has another one only.
                    offer(.tls12, policy.cipherList, [group], name: group, isAllowed: true),
                ]
            }
            return allowed + [
                offer(
                    .tls12,
                    policy.cipherList,
                    policy.groups,
                    name: "any group",
                    isAllowed: true,
                    isDemanded: true
                ),
                offer(.tls13, policy.cipherSuites, ["X25519"], name: "X25519 only"),
                offer(.tls12, policy.cipherList, ["X25519"], name: "X25519 only"),
                offer(.tls13, ["TLS_CHACHA20_POLY1305_SHA256"], policy.groups, name: "ChaCha20 only"),
                offer(
                    .tls12,
                    ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
                    policy.groups,
                    name: "ChaCha20 only"
                ),
                offer(
                    .tls12,
                    ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256"],
                    policy.groups,
                    name: "CBC only"
                ),
                offer(.tls12, ["AES128-GCM-SHA256"], policy.groups, name: "RSA key exchange only"),
            ]
        }

        private static func offer(
            _ version: TLSVersion,
            _ suites: [String],
            _ groups: [String],
            name: String,
            isAllowed: Bool = false,
            isDemanded: Bool = false
        ) -> Offer {
            Offer(
                name: "\(version.rawValue) with \(name)",
                trial: HandshakeTrial(version: version, suites: suites, groups: groups),
                isAllowed: isAllowed,
                isDemanded: isDemanded
            )
        }
    }
}
