import CloudProfiles
import Configuration
import Crypto
import Dialects
package import Gateway
import SCIM
import Store
import Tenancy

/// What operators do, whether the gateway runs (through its admin socket) or not (on the files, under the lock).
package struct OperatorDesk: Sendable {
    /// The profiles at hand.
    let core: GatewayCore
    /// Who works: `uid:1000`.
    ///
    /// Goes into the log.
    let actor: String

    /// A desk over these profiles, for this person.
    package init(core: GatewayCore, actor: String) {
        self.core = core
        self.actor = actor
    }

    /// "+ Connect a group": makes a connection and its first token.
    ///
    /// - Throws: a problem that names what is wrong and how to mend it; nothing is made then.
    package func connect(_ order: AdminMessages.Connect) async throws(AdminMessages.Problem)
        -> AdminMessages.MadeToken
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let group = try order.group.map { name throws(AdminMessages.Problem) in
            try Self.group(name, of: tenant)
        }
        let attributes = try Self.attributeSet(order.attributes)
        guard group != nil || attributes == .full else {
            throw .invalid(
                "a learner connection needs a group, which its new learners join; name one of: \(Self.names(tenant))"
            )
        }
        let connection = Connection(
            id: try Self.connectionID(order, group: group, of: tenant),
            displayName: order.name ?? group?.displayName ?? tenant.displayName,
            group: group?.id,
            dialect: try Self.dialect(order.dialect),
            attributes: attributes,
            origin: .control,
            allowFrom: try .ordered(order.allowFrom, in: runtime)
        )
        let (token, record) = try makeToken(
            for: connection.id,
            of: tenant,
            runtime,
            life: order.lifeSeconds
        )
        guard order.isDryRun != true else {
            return message(token, record, group: group?.id, of: tenant, runtime).foreseen
        }
        let made = ControlContents.MadeConnection(
            tenant: tenant.id,
            connection: connection,
            created: runtime.now()
        )
        try await Self.asking { () async throws(StoreError) in
            try await runtime.control.add(made, token: record)
        }
        try await refresh()
        note(.connectionCreated, of: tenant.id, connection.id, in: runtime)
        noteNew(record, in: runtime)
        return message(token, record, group: group?.id, of: tenant, runtime)
    }
}

// MARK: - Parts of an order

extension OperatorDesk {
    static func group(_ name: String, of tenant: Tenant) throws(AdminMessages.Problem) -> TargetGroup {
        guard let group = tenant.groups.first(where: { $0.id.text == name }) else {
            throw .notFound(
                "tenant \(tenant.id) has no group '\(name)'; \(meant(name, among: tenant.groups.map(\.id.text)))"
            )
        }
        return group
    }

    /// The name that was asked for, or the group's, or the group's with the first free number.
    private static func connectionID(_ order: AdminMessages.Connect, group: TargetGroup?, of tenant: Tenant)
        throws(AdminMessages.Problem) -> Connection.ID
    {
        let taken = Set(tenant.connections.map(\.id.text))
        if let asked = order.id {
            guard EntityName(asked) != nil else {
                throw .invalid(
                    "'\(asked)' is no name: use a-z, 0-9 and '-', at most 63 characters, not '-' first"
                )
            }
            guard !taken.contains(asked) else {
                throw .conflict(
                    "tenant \(tenant.id) has a connection '\(asked)' already; choose another --id"
                )
            }
            return Connection.ID(asked)
        }
        let stem = group?.id.text ?? "full"
        let names = [stem] + (2...(taken.count + 2)).map { "\(stem)-\($0)" }
        guard let free = names.first(where: { !taken.contains($0) && EntityName($0) != nil }) else {
            throw .invalid("no free name can be made from '\(stem)'; give one with --id")
        }
        return Connection.ID(free)
    }

    private static func attributeSet(_ name: String) throws(AdminMessages.Problem) -> AttributeSet {
        guard let set = AttributeSet(rawValue: name) else {
            throw .invalid(
                "there is no attribute set '\(name)'; use one of: \(list(AttributeSet.allCases.map(\.rawValue)))"
            )
        }
        return set
    }

    private static func dialect(_ name: String) throws(AdminMessages.Problem) -> Dialect {
        guard let dialect = Dialect.Name(rawValue: name) else {
            throw .invalid(
                "there is no dialect '\(name)'; use one of: \(list(Dialect.Name.allCases.map(\.rawValue)))"
            )
        }
        return .named(dialect)
    }

    private static func names(_ tenant: Tenant) -> String { list(tenant.groups.map(\.id.text)) }

    /// `did you mean 'drivers'?`, or, when nothing is near, the first of the names that there are.
    static func meant(_ written: String, among names: [String], having: String = "it has") -> String {
        if let near = Suggestion.nearest(to: written, among: names) { return "did you mean '\(near)'?" }
        let more = names.count > namesTold ? " and \(names.count - namesTold) more" : ""
        return "\(having): \(list(Array(names.prefix(namesTold))))\(more)"
    }

    /// Names that a complaint lists; a gateway may have thousands of tenants.
    private static let namesTold = 20

    static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    /// Takes up what the control databases now hold, and with it what was just ordered.
    func refresh() async throws(AdminMessages.Problem) {
        try await Self.asking { () async throws(StoreError) in try await core.refresh() }
    }

    /// Asks a store; what fails there is the machine's trouble, not the order's.
    static func asking<Result>(_ step: () async throws(StoreError) -> Result) async throws(AdminMessages
        .Problem) -> Result
    {
        do throws(StoreError) {
            return try await step()
        } catch {
            throw .unavailable(error)
        }
    }
}

extension AdminMessages.Problem {
    /// 404: something that the order names does not exist.
    static func notFound(_ detail: String) -> AdminMessages.Problem {
        .init(type: "/help/not-found", title: "Not found", status: 404, detail: detail)
    }

    /// 409: something is in the way.
    static func conflict(_ detail: String) -> AdminMessages.Problem {
        .init(type: "/help/conflict", title: "Conflict", status: 409, detail: detail)
    }

    /// 422: the order itself is wrong.
    static func invalid(_ detail: String) -> AdminMessages.Problem {
        .init(type: "/help/invalid", title: "Invalid", status: 422, detail: detail)
    }

    /// 503: a store did not do it.
    static func unavailable(_ error: StoreError) -> AdminMessages.Problem {
        .init(
            type: "/help/store",
            title: "Store unavailable",
            status: 503,
            detail: "the store refused (\(error.operatorText)); nothing was changed"
        )
    }
}
