import CloudProfiles
import Configuration
import Gateway
import SCIM
import Store
import Tenancy

// MARK: - Orders about learners

extension OperatorDesk {
    /// A page of learners, with who manages them.
    ///
    /// - Throws: a problem when the tenant, a name or the filter is wrong.
    package func users(_ order: AdminMessages.ListUsers) async throws(AdminMessages.Problem)
        -> AdminMessages.Users
    {
        guard (1...RosterQuery.limit).contains(order.count) else {
            throw .invalid("count is 1 to \(RosterQuery.limit), not \(order.count)")
        }
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        var query = try Self.query(order.selection, of: tenant)
        (query.after, query.count) = (order.after, order.count)
        let asked = query
        let page = try await reading(tenant, runtime) { snapshot throws(StoreError) in
            try await snapshot.roster(asked)
        }
        return AdminMessages.Users(
            rows: page.entries.map { AdminMessages.UserRow($0) },
            next: page.next
        )
    }

    /// All that is known of a learner: by id or `userName`, of one that is there, else of one that was deleted.
    ///
    /// - Throws: a problem when there is none.
    package func user(_ order: AdminMessages.ShowUser) async throws(AdminMessages.Problem)
        -> AdminMessages.ShownUser
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let prefix = core.locationPrefix(of: runtime)
        let entry = try await reading(tenant, runtime) {
            snapshot throws(StoreError) -> RosterEntry? in
            for attribute in ["id", "userName"] {
                for kind in [RosterQuery.Kind.living, .deleted] {
                    let query = RosterQuery(kind, where: attribute, is: order.user)
                    if let query, let entry = try await snapshot.first(query) { return entry }
                }
            }
            return nil
        }
        guard let entry else {
            throw .notFound(
                "tenant \(tenant.id) has no learner with that id or userName, and no record of one"
            )
        }
        let json = Self.json(of: entry, locationPrefix: prefix)
        do throws(JSONError) {
            return AdminMessages.ShownUser(json: IndentedJSON.text(try JSONReader.read(json)))
        } catch {
            throw .invalid(
                "the document of \(entry.resource.id) is damaged: scim-gateway store check \(tenant.id)"
            )
        }
    }

    /// Reads one moment of a tenant's store.
    func reading<Value: Sendable>(
        _ tenant: Tenant,
        _ runtime: ProfileRuntime,
        _ body: (any StoreSnapshot) async throws(StoreError) -> Value
    ) async throws(AdminMessages.Problem) -> Value {
        let store = try await store(of: tenant, runtime)
        return try await Self.asking { () async throws(StoreError) in
            let snapshot = try await store.snapshot()
            do throws(StoreError) {
                let value = try await body(snapshot)
                await snapshot.close()
                return value
            } catch {
                await snapshot.close()
                throw error
            }
        }
    }

    /// A tenant's store.
    func store(of tenant: Tenant, _ runtime: ProfileRuntime) async throws(AdminMessages.Problem)
        -> any TenantStore
    {
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: actor)
        return try await Self.asking { () async throws(StoreError) in
            try await runtime.stores.store(for: scope)
        }
    }

    /// Who gets the entries of the activity log.
    var origin: ActivityOrigin { ActivityOrigin(actor: "operator:\(actor)") }

    /// What a selection asks of a store.
    ///
    /// A group that is no longer in the tenant's file may still hold learners: any well-formed name is taken.
    static func query(_ selection: AdminMessages.UserSelection, of tenant: Tenant)
        throws(AdminMessages.Problem) -> RosterQuery
    {
        var query = RosterQuery()
        query.kind = selection.isDeleted ? .deleted : .living
        if let group = selection.group {
            guard EntityName(group) != nil else { throw .invalid("'\(group)' is no name of a group") }
            query.group = TargetGroup.ID(group)
        }
        if let name = selection.connection {
            guard !selection.isUnmanaged else {
                throw .invalid("a learner of a connection is not unmanaged; ask for one of both")
            }
            query.owner = .connection(try connection(name, of: tenant).id)
        } else if selection.isUnmanaged {
            query.owner = .nobody
        }
        if let filter = selection.filter { query.filter = try Self.filter(filter) }
        return query
    }

    /// A filter on users, of all attributes.
    static func filter(_ text: String) throws(AdminMessages.Problem) -> ResolvedFilter {
        do throws(SCIMError) {
            return try ResolvedFilter.resolve(Filter.parse(text), type: .user, set: .full)
        } catch {
            throw .invalid(error.detail)
        }
    }

    private static func json(of entry: RosterEntry, locationPrefix: String) -> [UInt8] {
        var json = JSONWriter(capacity: entry.resource.document.count + 512)
        json.beginObject()
        if let owner = entry.owner { json.member("managedBy", owner.text) }
        json.name("externalIds")
        json.beginObject()
        for (connection, name) in entry.externalIDs.sorted(by: { $0.key.text < $1.key.text }) {
            json.member(connection.text, name)
        }
        json.endObject()
        if let deletion = entry.deletion { json.member("deleted", deletion.moment.rfc3339) }
        json.name("resource")
        json.json(entry.resource.rendered(locationPrefix: locationPrefix))
        json.endObject()
        return json.bytes
    }
}

extension RosterQuery {
    /// Users whose attribute has that value; nil when the value cannot stand in a filter.
    init?(_ kind: Kind, where attribute: String, is value: String) {
        var literal = JSONWriter()
        literal.string(value)
        let text = "\(attribute) eq \(String(decoding: literal.bytes, as: UTF8.self))"
        // A value that makes no filter (over 8 KiB) is nobody's.
        guard let filter = try? ResolvedFilter.resolve(Filter.parse(text), type: .user, set: .full) else {
            return nil
        }
        self.init()
        self.kind = kind
        self.filter = filter
        count = 1
    }
}

extension StoreSnapshot {
    /// The first that is asked for, however far from the beginning.
    func first(_ query: RosterQuery) async throws(StoreError) -> RosterEntry? {
        var query = query
        while true {
            let page = try await roster(query)
            if let entry = page.entries.first { return entry }
            guard let next = page.next else { return nil }
            query.after = next
        }
    }

    /// The groups of the tenant's file by their ids; those that left it and still have members, too.
    func targetGroups() async throws(StoreError) -> [ResourceID: TargetGroup.ID] {
        var groups: [ResourceID: TargetGroup.ID] = [:]
        var query = RosterQuery()
        (query.type, query.count) = (.group, RosterQuery.limit)
        while true {
            let page = try await roster(query)
            for entry in page.entries { groups[entry.resource.id] = entry.targetGroup }
            guard let next = page.next else { return groups }
            query.after = next
        }
    }
}

extension AdminMessages.UserRow {
    /// A learner as operators read them.
    init(_ entry: RosterEntry) {
        let resource = entry.resource
        let view = resource.view(locationPrefix: "")
        self.init(
            id: resource.id.text,
            userName: view.core.string("userName") ?? "",
            active: view.core.boolean("active"),
            givenName: view.core.complex("name")?.string("givenName"),
            familyName: view.core.complex("name")?.string("familyName"),
            groups: resource.groups.map(\.display),
            managedBy: entry.owner?.text,
            created: resource.created.rfc3339,
            lastModified: resource.lastModified.rfc3339,
            deleted: entry.deletion?.moment.rfc3339
        )
    }
}

extension GatewayCore {
    /// What stands before the path of a resource in a file of learners: as clients see it.
    func locationPrefix(of runtime: ProfileRuntime) -> String {
        (publicURL(of: runtime.profile.name) ?? "") + "/scim/v2"
    }
}
