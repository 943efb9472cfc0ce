package import Outbound
package import SCIM

/// What a client sees of a server before it sends anything: its name's addresses, its TLS, its certificates.
package struct ServerLook: Sendable {
    /// The host of the Tenant URL, an IPv6 address without brackets.
    private let host: String
    private let port: Int
    private let url: String
    private let route: Route
    private let seat: HTTPSSeat

    /// Entra takes no shorter RSA key.
    private static let rsaBits = 2_048
    /// Entra takes no shorter key on a curve.
    private static let curveBits = 256

    /// A look at the server of that Tenant URL.
    package init(_ url: TenantURL, _ route: Route, seat: HTTPSSeat) {
        host = url.host
        port = url.port
        self.url = url.text
        self.route = route
        self.seat = seat
    }

    /// The addresses of the name.
    package func lookUp() async -> ProbeStep {
        if let address = route.address(of: host, port: port) {
            return ProbeStep("DNS", "\(host) → \(address) (as --resolve says)")
        }
        let addresses = await seat.addresses(of: host)
        guard !addresses.isEmpty else {
            return ProbeStep("DNS", host).failed(
                "\(host) has no address here",
                fix: ProbeAdvice.fix(HTTPSFailure(.unresolved, ""))
            )
        }
        return ProbeStep("DNS", "\(host) → \(addresses.joined(separator: ", "))")
    }

    /// The handshake as Entra makes it, and what is to be thought of the certificates at a moment.
    package func shakeHands(at moment: Timestamp) async -> ProbeStep {
        let now = moment.milliseconds / 1_000
        let look: TLSLook
        switch await seat.look(at: url, offering: EntraRequests.offer) {
        case .success(let found): look = found
        case .failure(let failure):
            return ProbeStep("TLS", "as Entra offers it").failed(
                failure.sentence,
                fix: ProbeAdvice.fix(failure)
            )
        }
        var step = ProbeStep("TLS", "\(look.version.dropFirst(4)) \(look.suite)")
        step.milliseconds = look.milliseconds
        guard let leaf = look.chain.leaf else { return step }
        let verdict = look.chain.verdict(for: host, route, now: now)
        guard verdict == .trusted else {
            let (problem, fix) = verdict.words(host: host, chain: look.chain, now: now)
            return step.failed(problem, fix: fix)
        }
        step.what +=
            ", chain complete, \(leaf.keyKind) \(leaf.keyBits), ends in "
            + CountText.words(leaf.daysLeft(at: now), "day")
        let least = leaf.keyKind == "EC" ? Self.curveBits : Self.rsaBits
        guard leaf.keyBits >= least else {
            return step.failed(
                "the certificate's key has \(leaf.keyBits) bits; Entra demands \(least)",
                fix: "make a longer key and have a certificate issued for it"
            )
        }
        return step
    }
}

extension ServerCertificate {
    /// Whole days until it ends, seen from a moment in seconds since 1970; negative when it has ended.
    package func daysLeft(at now: Int64) -> Int64 {
        let seconds = notAfter - now
        return seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
    }
}

extension ServerChain.Verdict {
    /// What is wrong with a chain that is not trusted, and what to do.
    package func words(host: String, chain: ServerChain, now: Int64) -> (problem: String, fix: String) {
        switch self {
        case .trusted:
            return ("nothing", "nothing")
        case .endsEarly(let issuer):
            return (
                "the chain is not complete: '\(issuer)' issued its last certificate, and is neither in it nor known here",
                "put the issuers' certificates below the server's in the same file, then: scim-gateway reload; for an "
                    + "authority of your own: --ca FILE"
            )
        case .unknownAuthority(let name):
            return (
                "the chain ends with '\(name)', which no client knows",
                "have the certificate issued by an authority that everybody knows; for one of your own: --ca FILE"
            )
        case .outOfDate:
            let days = chain.certificates.map { $0.daysLeft(at: now) }.min() ?? 0
            return (
                days < 0
                    ? "a certificate of the chain ended \(CountText.words(-days, "day")) ago"
                    : "a certificate of the chain is not valid yet",
                days < 0
                    ? "renew it, then: scim-gateway reload"
                    : "wait, or correct this machine's clock"
            )
        case .otherName:
            return (
                "the certificate is not for \(host)",
                "have one issued that names \(host) (subjectAltName), or correct public_url"
            )
        case .noAuthorities:
            return (
                "no authorities can be read on this machine",
                "name a PEM file: --ca FILE; or install the package ca-certificates"
            )
        case .refused(let reason):
            return ("OpenSSL refuses the chain: \(reason)", "have the certificate issued again")
        }
    }
}
