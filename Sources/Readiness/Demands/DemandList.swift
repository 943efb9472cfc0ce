import CloudProfiles
import Crypto
import Tenancy

/// Every demand of a profile with what came of it.
///
/// A line that says "enforced" is a promise: name the code that keeps it. What is not built yet is "not met", not
/// "attested": nobody can vouch for what does not exist.
struct DemandList {
    let profile: CloudProfile
    /// What is demanded of its cryptography, after what the settings say.
    let fips: GatewaySettings.FIPS

    /// All of them.
    var all: [Demand] {
        [separation, outbound] + tls + cryptography + tokens + [personalValues] + audit
            + profile.duties.compactMap(demand)
    }

    /// `GatewayOpening` opens each profile with what is its own; `Admission` looks tokens up in the listener's
    /// directory.
    private var separation: Demand {
        .enforced(
            "Separation",
            "nothing in common with other profiles",
            "listener, library context, folder, lock and control database of its own; a token of another profile is an "
                + "unknown token"
        )
    }

    /// What serves imports nothing that connects: `Outbound` is for commands.
    private var outbound: Demand {
        .enforced("Outbound connections", "to hosts of this cloud at most", "the gateway opens none")
    }

    /// `TLSPolicy`, `PolicySetup`, `CertificateRules`, `ExtendedMasterSecret`.
    private var tls: [Demand] {
        let tls = profile.tls
        let curves = tls.groups.split(separator: ":").filter { $0.hasPrefix("P-") }.joined(separator: ", ")
        var demands: [Demand] = [
            .enforced(
                "TLS",
                "\(tls.minimumVersion) to \(tls.maximumVersion)",
                "every listener speaks it; there is none without TLS"
            ),
            .enforced("TLS 1.2 suites", words(tls.cipherList), "no other is negotiated"),
            .enforced("TLS 1.3 suites", words(tls.cipherSuites), "no other is negotiated"),
            .enforced("Key exchange", words(tls.groups), "no other group is negotiated"),
            .enforced("Signatures", words(tls.signatureAlgorithms), "no other is made or taken"),
            .enforced(
                "Key of the certificate",
                "RSA of \(tls.minimumRSABits) bits or more, or one of \(curves) of \(tls.minimumCurveBits) bits or more",
                "a listener with another one does not start"
            ),
        ]
        if tls.requiresExtendedMasterSecret {
            demands.append(
                .enforced(
                    "Extended master secret",
                    "in every TLS 1.2 session (RFC 7627)",
                    "a client without it is refused"
                )
            )
        }
        return demands
    }

    /// `AccessToken`, `OperatorDesk`, `CloudProfile.problem(withTokenEnding:)`.
    private var tokens: [Demand] {
        let tokens = profile.tokens
        let isShort = AccessToken.length <= tokens.maximumLength
        return [
            Demand(
                name: "Length of tokens",
                demanded: "at most \(tokens.maximumLength) characters",
                state: isShort ? .enforced : .notMet,
                reason: "every token has \(AccessToken.length)"
            ),
            .enforced(
                "Life of tokens",
                "at most \(tokens.maximumAgeDays) days" + (tokens.mustEnd ? ", and an end" : ""),
                "none is made that lives longer, and a tenant file that declares one is refused"
            ),
            .attested(
                "Rotation of tokens",
                "old and new side by side for at most \(tokens.rotationOverlapDays) days",
                "two are active at most; whoever makes the second ends the first in time: token revoke"
            ),
        ]
    }

    /// `RequestLog` is given no value to write.
    private var personalValues: Demand {
        let demanded =
            switch profile.personalValues {
            case .hashed: "hashed at most"
            case .never: "in no form: not in logs, headers or labels"
            }
        return .enforced("People's values in logs", demanded, "no line holds one, hashed or not")
    }

    /// The activity is the trail.
    private var audit: [Demand] {
        let audit = profile.audit
        let retention = "entries go after activity.retention, which nothing holds against this yet"
        var demands: [Demand] = [
            .notMet("Audit trail, searchable", "\(audit.searchableDays) days", retention),
            .notMet("Audit trail, retrievable", "\(audit.retrievableDays) days", retention),
        ]
        if audit.isChained {
            demands.append(
                .enforced(
                    "Audit trail, chained",
                    "each entry holds the digest of the one before",
                    "in the transaction of the write; activity --verify examines it"
                )
            )
        }
        if audit.writesNeedTrail {
            demands.append(
                .enforced(
                    "Writes need the trail",
                    "none without its entry",
                    "a write of a client or an operator and its entry are one transaction, imports included"
                )
            )
        }
        return demands
    }

    private func words(_ list: String) -> String {
        list.split(separator: ":").joined(separator: ", ")
    }
}

// MARK: - Cryptography

extension DemandList {
    /// `ProfileLibrary`, which a start asks as well.
    private var cryptography: [Demand] {
        let name = "FIPS"
        if let loosened = fips.loosened {
            return [.notMet(name, "all cryptography in a FIPS module", "\(loosened)")]
        }
        guard fips.demand != .off else { return [] }
        let demanded =
            "all cryptography in a FIPS module" + (fips.demand == .required ? "" : ", if there is one")
        switch ProfileLibrary.made(for: profile.name, fips) {
        case .made(let library, let attention):
            guard let evidence = library.fips else {
                return [.notMet(name, demanded, attention ?? "no fips_config names a module")]
            }
            return [.enforced(name, demanded, "\(evidence)")]
        case .notMet(let reason): return [.notMet(name, demanded, reason)]
        case .failed(let error):
            return [
                .notMet(name, demanded, "OpenSSL failed (\(error.opensslReasons.joined(separator: "; ")))")
            ]
        }
    }
}

// MARK: - What the operator attests

extension DemandList {
    /// A duty as a demand; nil where there is nothing to attest.
    private func demand(_ duty: OperatorDuty) -> Demand? {
        switch duty {
        case .validatedModule:
            // Without a module there is nothing that could be validated; the line about it says so.
            guard fips.demand != .off else { return nil }
            return .attested(
                "Validation of the module",
                "an active FIPS 140-3 certificate",
                "compare the module's version and build with the certificate and its security policy"
            )
        case .encryptionAtRest:
            return .attested(
                "Encryption at rest",
                "data folder, backups and logs",
                "the gateway does not encrypt them"
            )
        case .location(let place):
            return .attested("Location", place, "of machines, backups and administrators")
        case .clock:
            return .attested("Clock", "follows a named source", "entries carry the machine's time, UTC")
        case .sourceNetworks:
            return .attested(
                "Source networks",
                "those of the cloud",
                "allow_from of each connection; it lets any address in unless written"
            )
        }
    }
}
