import CloudProfiles
import Configuration
import Outbound
import Readiness
import Rehearsal
import SCIM
import Tenancy

/// What is to be said of a listener as clients find it: its name, its chain, its TLS.
struct ListenerDiagnosis {
    let listener: GatewaySettings.Listener
    /// Makes the listener's TLS out of its files, to be tried where no client can come.
    let trial: @Sendable () async -> ListenerTrial.Making
    let route: Route
    let seat: HTTPSSeat
    /// Seconds since 1970.
    let now: Int64

    /// Days before the end of a certificate at which it is told: a renewal that works by itself comes before.
    private static let daysOfAttention: Int64 = 21

    /// Everything, in the order in which a client meets it.
    func all() async -> [Diagnosis] {
        guard let url = TenantURL("\(listener.publicURL.value)") else { return [] }
        let name = await name(of: url)
        let look = await seat.look(at: url.text, offering: .ordinary)
        guard name.state == .good, case .success(let seen) = look else {
            return [name] + (await fromFile(url, look))
        }
        return [name, chain(seen.chain, url, where: "sent by \(url.text)"), await tls(url, seen)]
    }

    private func name(of url: TenantURL) async -> Diagnosis {
        if let address = route.address(of: url.host, port: url.port) {
            return .good("dns", "\(url.host) → \(address) (as --resolve says)")
        }
        let addresses = await seat.addresses(of: url.host)
        guard !addresses.isEmpty else {
            return .bad(
                "dns",
                "\(url.host) has no address here",
                fix:
                    "add the name to the DNS, or correct public_url; to look without it: --resolve HOST:PORT:ADDRESS"
            )
        }
        return .good("dns", "\(url.host) → \(addresses.joined(separator: ", "))")
    }

    /// The chain in the file and handshakes in memory, where no client can come.
    private func fromFile(_ url: TenantURL, _ look: Result<TLSLook, HTTPSFailure>) async -> [Diagnosis] {
        let file = listener.certificate.value
        let read = ServerChain(file: file)
        let chain =
            read.map { self.chain($0, url, where: "in \(file)") }
            ?? .bad(
                "chain",
                "\(file) cannot be read, or holds no certificate",
                fix: "see: scim-gateway config check"
            )
        guard case .failure(let failure) = look else { return [chain] }
        return [
            chain, await inMemory(keyKind: read?.leaf?.keyKind ?? ""),
            .attention(
                "network",
                "the way to \(url.text) was not tried: \(failure.sentence)",
                fix: "start the gateway, then look again; if it runs: open the port, or correct public_url"
            ),
        ]
    }

    /// Whether certificate, key and profile fit, by handshakes without a socket.
    private func inMemory(keyKind: String) async -> Diagnosis {
        let trial: ListenerTrial
        switch await self.trial() {
        case .unserved(let problem, let fix): return .bad("tls", problem, fix: fix)
        case .ready(let made): trial = made
        }
        return await surveyed(
            keyKind,
            over: "in memory",
            ifNot: "mend this machine's OpenSSL or its openssl.cnf"
        ) {
            let isTaken = trial.takes($0.suites, version: $0.version?.rawValue ?? "")
            return isTaken ? nil : HTTPSFailure(.handshake, "the listener refuses the offer")
        }
    }

    private func chain(_ chain: ServerChain, _ url: TenantURL, where place: String) -> Diagnosis {
        let verdict = chain.verdict(for: url.host, route, now: now)
        guard verdict == .trusted, let leaf = chain.leaf else {
            let (problem, fix) = verdict.words(host: url.host, chain: chain, now: now)
            return .bad("chain", "\(place): \(problem)", fix: fix)
        }
        let days = chain.certificates.map { $0.daysLeft(at: now) }.min() ?? 0
        let what =
            "\(place): \(chain.certificates.count) of it, complete, for \(url.host), \(leaf.keyKind) \(leaf.keyBits), "
            + "ends in \(CountText.words(days, "day"))"
        guard days > Self.daysOfAttention else {
            return .attention("chain", what, fix: "renew it; the gateway takes new files up by itself")
        }
        return .good("chain", what)
    }

    private func tls(_ url: TenantURL, _ seen: TLSLook) async -> Diagnosis {
        let fix = "something else than the gateway ends TLS at \(url.text), or another listener"
        let seat = seat
        return await surveyed(seen.chain.leaf?.keyKind ?? "", over: nil, ifNot: fix) {
            let look = await seat.look(at: url.text, offering: $0)
            return if case .failure(let failure) = look { failure } else { nil }
        }
    }

    /// What the listener takes, held against its profile.
    private func surveyed(
        _ keyKind: String,
        over way: String?,
        ifNot fix: String,
        _ failure: (TLSOffer) async -> HTTPSFailure?
    ) async -> Diagnosis {
        let profile = CloudProfile.named(listener.profile.value)
        func names(_ list: String) -> [String] { list.split(separator: ":").map(String.init) }
        let survey = TLSSurvey(
            suites12: names(profile.tls.cipherList),
            suites13: names(profile.tls.cipherSuites)
        )
        do throws(HTTPSFailure) {
            let found = try await survey.run(keyKind: keyKind, failure: failure)
            let what =
                "\(profile.name.rawValue): \(found.versions.joined(separator: " ")), \(CountText.words(found.suites.count, "suite"))"
                + (way.map { " \($0)" } ?? "")
            guard found.excess.isEmpty, found.missing.isEmpty else {
                let excess = found.excess.isEmpty ? [] : ["takes \(found.excess.joined(separator: ", "))"]
                let missing =
                    found.missing.isEmpty ? [] : ["refuses \(found.missing.joined(separator: ", "))"]
                return .bad(
                    "tls",
                    "\(what); \((excess + missing).joined(separator: "; "))",
                    fix: "\(fix); see: scim-gateway profiles show \(profile.name.rawValue)"
                )
            }
            return .good("tls", "\(what), as the profile says")
        } catch {
            return .attention("tls", "the handshakes came to an end: \(error.sentence)", fix: "look again")
        }
    }
}
