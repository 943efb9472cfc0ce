import CloudProfiles
import Configuration
import Crypto
import Gateway
import SCIM
import Store
import Tenancy

/// Finds out why a token does not work, for whoever holds it and may ask the operator.
///
/// The client of a refused token learns nothing; this is the other side of that.
struct TokenVerification {
    /// All profiles: a token of another cloud is told apart from an unknown one.
    let core: GatewayCore

    /// What is known of a text that should be a token.
    ///
    /// Nothing of it is repeated but the public id.
    func verify(_ order: AdminMessages.Verify) async throws(AdminMessages.Problem) -> AdminMessages.Verified {
        let pasted = PastedToken(order.text)
        let token: AccessToken
        do throws(TokenDamage) {
            token = try AccessToken.parse(pasted.text)
        } catch {
            return .init(complaints: pasted.wrappings.map(\.complaint) + [complaint(about: error)])
        }
        let found = try await known(token.id)
        guard let known = found else { return .init(complaints: [.unknown(token.id)]) }
        guard ConstantTime.isEqual(token.digest(in: known.runtime.library), known.life.record.digest) else {
            return .init(complaints: [.wrongSecret(known.life.record)])
        }
        return AdminMessages.Verified(
            token: OperatorDesk.row(known.life, in: known.runtime.directory, now: known.runtime.now()),
            complaints: pasted.wrappings.map(\.complaint) + complaints(about: known)
                + complaints(about: order.tenantURL, known),
            tenantURL: core.publicURL(of: known.runtime.profile.name).map { $0 + "/scim/v2" }
        )
    }

    /// A token and the profile that it belongs to.
    private struct Known {
        let runtime: ProfileRuntime
        let life: TokenLife
    }

    /// The token with that id: in force, or kept after its connection is gone.
    private func known(_ id: AccessToken.ID) async throws(AdminMessages.Problem) -> Known? {
        for runtime in core.runtimes {
            if let entry = runtime.directory.token(id) { return Known(runtime: runtime, life: entry.life) }
        }
        for runtime in core.runtimes {
            let contents = try await OperatorDesk.asking { () async throws(StoreError) in
                try await runtime.control.contents()
            }
            if let record = contents.tokens.first(where: { $0.id == id }) {
                return Known(runtime: runtime, life: runtime.directory.life(of: record))
            }
        }
        return nil
    }

    /// A text that is no token, told with the connection of the id in it.
    private func complaint(about damage: TokenDamage) -> AdminMessages.Complaint {
        let owner = damage.tokenID.flatMap { core.token(named: $0.text)?.1.record.owner }
        guard damage != .notAToken else {
            return .init(
                problem: damage.sentence(owner: nil),
                fix: "paste the Secret token: it begins with sgw_ and has \(AccessToken.length) characters"
            )
        }
        let rotate = owner.map { ", or rotate it: scim-gateway token rotate \($0)" } ?? ""
        return .init(
            problem: damage.sentence(owner: owner),
            fix: "copy it again from where it was stored\(rotate)"
        )
    }

    /// What keeps a token of ours from working, besides the address it is used from.
    private func complaints(about known: Known) -> [AdminMessages.Complaint] {
        let (record, now) = (known.life.record, known.runtime.now())
        if let end = known.life.end, end.moment <= now { return [.ended(record, end)] }
        guard let entry = known.runtime.directory.token(record.id) else {
            return [.withoutConnection(record)]
        }
        switch entry.tenant.status {
        case .active: return []
        case .paused: return [.status(of: entry.tenant, "paused: every request is answered 503")]
        case .disabled: return [.status(of: entry.tenant, "disabled: its tokens open nothing")]
        }
    }

    /// Whether the Tenant URL is one, and the one of the token's cloud.
    private func complaints(about url: String?, _ known: Known) -> [AdminMessages.Complaint] {
        guard let url else { return [] }
        let name = known.runtime.profile.name
        let own = core.settings.listeners.filter { $0.profile.value == name }.map { "\($0.publicURL.value)" }
        let use = "use \(own.first ?? "the address of a \(name.rawValue) listener")/scim/v2"
        let called = core.settings.listeners.first { url.isAddress(below: "\($0.publicURL.value)") }
        guard let called else {
            return [.init(problem: "no listener of this gateway has that Tenant URL", fix: use)]
        }
        guard called.profile.value == name else {
            return [
                .init(
                    problem: "this token is for \(name.rawValue); that Tenant URL is the one of "
                        + called.profile.value.rawValue,
                    fix: use
                )
            ]
        }
        guard case .root = RequestTarget(url.path(below: "\(called.publicURL.value)")).endpoint else {
            return [.init(problem: "that Tenant URL does not end in /scim/v2", fix: use)]
        }
        return []
    }
}

extension String {
    /// Whether this is that origin, or an address below it.
    fileprivate func isAddress(below origin: String) -> Bool {
        hasPrefix(origin) && ["", "/"].contains(dropFirst(origin.count).prefix(1))
    }

    /// What follows an origin.
    fileprivate func path(below origin: String) -> String { String(dropFirst(origin.count)) }
}

extension TokenRecord {
    /// TENANT/CONNECTION.
    fileprivate var owner: String { "\(tenant)/\(connection)" }
}

extension PastedToken.Wrapping {
    /// What a client would make of it.
    fileprivate var complaint: AdminMessages.Complaint {
        switch self {
        case .scheme:
            .init(
                problem: "'Bearer ' stands in front of the token",
                fix: "paste the token alone: the client puts Bearer in front itself"
            )
        case .whiteSpace:
            .init(
                problem: "there is white space or a line break around the token",
                fix: "copy it again without it: a double click selects the token alone"
            )
        case .quotes:
            .init(problem: "there are quotes around the token", fix: "paste it without them")
        }
    }
}

extension AdminMessages.Complaint {
    fileprivate static func unknown(_ id: AccessToken.ID) -> Self {
        .init(
            problem: "no token of this gateway has the id \(id)",
            fix:
                "make sure that it is this gateway's; tokens that ended more than \(TokenLife.listedDays) days ago are "
                + "forgotten"
        )
    }

    fileprivate static func wrongSecret(_ record: TokenRecord) -> Self {
        .init(
            problem: "this has the id of token \(record.id) (\(record.owner)) and another secret",
            fix: "it was never given out; make another: scim-gateway token rotate \(record.owner)"
        )
    }

    fileprivate static func withoutConnection(_ record: TokenRecord) -> Self {
        .init(
            problem: "token \(record.id) has no connection to open: \(record.owner) is not in force",
            fix: "see what is wrong with it: scim-gateway status"
        )
    }

    fileprivate static func ended(_ record: TokenRecord, _ end: TokenEnd) -> Self {
        let verb =
            switch end.cause {
            case .expired: "ended"
            case .revoked: "was revoked"
            case .replaced: "was replaced by another"
            }
        return .init(
            problem: "token \(record.id) (\(record.owner)) \(verb) on \(end.moment.rfc3339.prefix(10))",
            fix: "use its successor, or make another: scim-gateway token create \(record.owner)"
        )
    }

    fileprivate static func status(of tenant: Tenant, _ words: String) -> Self {
        .init(
            problem: "tenant \(tenant.id) is \(words)",
            fix: "write status: active in its file, then reload"
        )
    }
}
