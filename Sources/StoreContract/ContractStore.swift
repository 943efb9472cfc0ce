import SCIM
import Store
import Tenancy

/// A store with short words for what the checks do to it.
struct ContractStore: Sendable {
    /// The store under test.
    let store: any TenantStore
    /// The connection that most checks write through.
    static let payroll = Viewer(connection: .init("payroll"), attributeSet: .learner)
    /// Another connection of the same tenant.
    static let sales = Viewer(connection: .init("sales"), attributeSet: .learner)
    /// A connection with the full attribute set.
    static let directory = Viewer(connection: .init("directory"), attributeSet: .full)

    init(_ store: any TenantStore) {
        self.store = store
    }

    /// The n-th second after a fixed moment.
    static func time(_ second: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_764_000_000_000 + second * 1_000)
    }

    /// The n-th id: any text will do, as ids are opaque.
    static func id(_ number: Int) -> ResourceID {
        ResourceID("00000000-0000-4000-8000-\(100_000_000_000 + number)")
    }

    /// A learner.
    static func user(
        _ userName: String,
        externalID: String? = nil,
        department: String? = nil,
        employeeNumber: String? = nil,
        manager: String? = nil,
        given: String? = nil,
        family: String? = nil,
        emails: [String] = []
    ) -> Resource {
        var user = Resource(type: .user)
        user.attributes["userName"] = .simple(.string(userName))
        user.attributes["active"] = .simple(.boolean(true))
        user.externalID = externalID
        var name = ComplexValue()
        name["givenName"] = given.map { .simple(.string($0)) }
        name["familyName"] = family.map { .simple(.string($0)) }
        if !name.isEmpty { user.attributes["name"] = .complex(name) }
        if !emails.isEmpty { user.attributes["emails"] = .multiValued(emails.map { valued($0) }) }
        user.enterprise["department"] = department.map { .simple(.string($0)) }
        user.enterprise["employeeNumber"] = employeeNumber.map { .simple(.string($0)) }
        user.enterprise["manager"] = manager.map { valued($0) }
        return user
    }

    private static func valued(_ text: String) -> AttributeValue {
        var value = ComplexValue()
        value["value"] = .simple(.string(text))
        return .complex(value)
    }

    /// Adds a learner; associates an unmanaged one unless told otherwise.
    @discardableResult
    func create(
        _ number: Int,
        _ user: Resource,
        for viewer: Viewer = ContractStore.payroll,
        group: TargetGroup.ID? = nil,
        isManaged: Bool = true,
        associates: Bool = true,
        at second: Int64 = 0
    ) async throws -> Created {
        let creation = try Self.creation(
            number,
            user,
            for: viewer,
            group: group,
            isManaged: isManaged,
            associates: associates,
            at: second
        )
        return try await store.create(creation, for: viewer)
    }

    /// The creation of a learner, as ``create(_:_:for:group:isManaged:associates:at:)`` asks for it.
    static func creation(
        _ number: Int,
        _ user: Resource,
        for viewer: Viewer = ContractStore.payroll,
        group: TargetGroup.ID? = nil,
        isManaged: Bool = true,
        associates: Bool = true,
        at second: Int64 = 0
    ) throws -> Creation {
        let set = viewer.attributeSet
        let associating: @Sendable (StoredResource) throws(SCIMError) -> ValidatedResource = {
            existing throws(SCIMError) in
            var merged = try existing.resource()
            for entry in user.attributes.entries { merged.attributes[entry.name] = entry.value }
            for entry in user.enterprise.entries { merged.enterprise[entry.name] = entry.value }
            return try Validation.validate(merged, set: set, keeping: existing.writtenSet)
        }
        return Creation(
            resource: try Validation.validate(user, set: set),
            id: Self.id(number),
            targetGroup: group,
            now: Self.time(second),
            isManaged: isManaged,
            associating: associates ? associating : nil
        )
    }

    /// Edits a resource.
    @discardableResult
    func change(
        _ number: Int,
        for viewer: Viewer = ContractStore.payroll,
        at second: Int64 = 1,
        type: ResourceType.Name = .user,
        _ edit: @escaping @Sendable (inout Resource) throws(SCIMError) -> Void
    ) async throws -> StoredResource {
        let set = viewer.attributeSet
        let change = Change(type: type, id: Self.id(number), now: Self.time(second)) {
            current throws(SCIMError) in
            var resource = try current.resource.resource()
            try edit(&resource)
            return .init(try Validation.validate(resource, set: set, keeping: current.resource.writtenSet))
        }
        return try await store.change(change, for: viewer).resource
    }

    /// Who manages a learner.
    ///
    /// Asks through a change that changes nothing.
    func owner(_ number: Int) async throws -> Connection.ID? {
        let owner = Seen<Connection.ID?>(nil)
        let change = Change(type: .user, id: Self.id(number), now: Self.time(99)) {
            current throws(SCIMError) in
            owner.value = current.owner
            return .init(nil)
        }
        _ = try await store.change(change, for: Self.payroll)
        return owner.value
    }

    /// Deletes a learner.
    func delete(_ number: Int, at second: Int64 = 2, type: ResourceType.Name = .user) async throws {
        let deletion = Deletion(type: type, id: Self.id(number), now: Self.time(second)) {
            _ throws(SCIMError) in
        }
        try await store.delete(deletion, for: Self.payroll)
    }

    /// Reads a learner.
    func user(_ number: Int, for viewer: Viewer = ContractStore.payroll) async throws -> StoredResource? {
        try await store.resource(.user, id: Self.id(number), for: viewer, members: .none)
    }

    /// Searches by the text of a filter.
    func search(
        _ filter: String?,
        for viewer: Viewer = ContractStore.payroll,
        type: ResourceType.Name? = .user,
        sort: ResolvedSort? = nil,
        offset: Int = 0,
        count: Int = 100
    ) async throws -> StoredPage {
        try await page(filter, for: viewer, type: type, sort: sort, from: .offset(offset), count: count)
    }

    /// Walks through the matches by cursor to the end, and gives all pages.
    ///
    /// `meanwhile` runs after each page, the last one included, with how many there were so far.
    func walk(
        _ filter: String? = nil,
        for viewer: Viewer = ContractStore.payroll,
        type: ResourceType.Name? = .user,
        sort: ResolvedSort? = nil,
        by count: Int,
        meanwhile: (Int) async throws -> Void = { _ in }
    ) async throws -> [StoredPage] {
        var pages: [StoredPage] = []
        var start = PageStart.cursor(after: nil)
        repeat {
            let page = try await page(filter, for: viewer, type: type, sort: sort, from: start, count: count)
            pages.append(page)
            try await meanwhile(pages.count)
            try StoreContract.require(pages.count < 100, "an end of the walk")
            start = .cursor(after: page.next)
        } while start.position != nil
        return pages
    }

    private func page(
        _ filter: String?,
        for viewer: Viewer,
        type: ResourceType.Name?,
        sort: ResolvedSort?,
        from start: PageStart,
        count: Int
    ) async throws -> StoredPage {
        let resolved = try filter.map { text throws(SCIMError) in
            try ResolvedFilter.resolve(Filter.parse(text), type: type, set: viewer.attributeSet)
        }
        let query = StoreQuery(
            type: type,
            filter: resolved,
            sort: sort,
            start: start,
            count: count,
            locationPrefix: "https://scim.example/scim/v2"
        )
        return try await store.search(query, for: viewer)
    }

    /// The ids of a search's first hundred matches, as numbers.
    func numbers(
        _ filter: String?,
        for viewer: Viewer = ContractStore.payroll,
        sort: ResolvedSort? = nil,
        offset: Int = 0,
        count: Int = 100
    ) async throws -> [Int] {
        try await search(filter, for: viewer, sort: sort, offset: offset, count: count).resources.map(
            \.number
        )
    }

    /// Brings target groups in: the n-th gets the id `1000 + n` when it is new.
    func arrange(_ groups: [(id: String, name: String)], at second: Int64 = 0) async throws {
        let ids = IDSequence()
        try await store.arrange(
            targetGroups: groups.map { TargetGroup(id: .init($0.id), displayName: $0.name) },
            makingIDs: { ids.next() },
            now: Self.time(second)
        )
    }
}

extension StoredResource {
    /// The number that its id was made of.
    var number: Int { (Int(id.text.suffix(12)) ?? 0) - 100_000_000_000 }

    /// The resource as a client gets it, as text.
    var json: String {
        String(decoding: rendered(locationPrefix: "https://scim.example/scim/v2"), as: UTF8.self)
    }
}
