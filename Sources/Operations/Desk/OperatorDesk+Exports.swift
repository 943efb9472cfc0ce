import CloudProfiles
import Crypto
import Gateway
import SCIM
import Store
import Tenancy
import Transfer

extension OperatorDesk {
    /// A page of learners as lines of a file; all pages show one moment.
    ///
    /// - Throws: a problem when the tenant or the selection is wrong, or the moment was let go meanwhile.
    package func exportUsers(_ order: AdminMessages.ExportUsers) async throws(AdminMessages.Problem)
        -> AdminMessages.ExportedUsers
    {
        guard let form = LearnerFile.Form(rawValue: order.form) else {
            throw .invalid("there is no form '\(order.form)'; use one of: csv, jsonl")
        }
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        var query = try Self.query(order.selection, of: tenant)
        (query.after, query.count) = (order.after, Self.exportedAtOnce)
        let prefix = core.locationPrefix(of: runtime)
        let (name, snapshot) = try await moment(order.snapshot, of: tenant, runtime, as: .usersExported)
        let asked = query
        return try await reading(name) { () async throws(StoreError) in
            let page = try await snapshot.roster(asked)
            var text = order.snapshot == nil && form == .csv ? LearnerExport.header : ""
            var last = asked.after
            var count = 0
            for entry in page.entries {
                text +=
                    form == .csv
                    ? LearnerExport.row(of: entry) : LearnerExport.json(of: entry, locationPrefix: prefix)
                last = entry.row
                count += 1
                // What is left over comes with the next page.
                if text.utf8.count > TransferLimits.bytesAtOnce { break }
            }
            let isCut = count < page.entries.count
            guard let next = isCut ? last : page.next else {
                await core.snapshots.close(name)
                return .init(text: text, count: count, snapshot: nil, next: last)
            }
            return .init(text: text, count: count, snapshot: name, next: next)
        }
    }

    /// A page of a tenant's archive; all pages show one moment.
    ///
    /// - Throws: as ``exportUsers(_:)``.
    package func exportTenant(_ order: AdminMessages.ExportTenant) async throws(AdminMessages.Problem)
        -> AdminMessages.ExportedTenant
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let (name, snapshot) = try await moment(order.snapshot, of: tenant, runtime, as: .tenantExported)
        if order.place.part == .head {
            var lines = [ArchiveHeader(tenant).text]
            lines += tenant.connections.sorted { $0.id.text < $1.id.text }.map { ArchivedConnection($0).text }
            return .init(lines: lines, snapshot: name, place: .init(part: .living))
        }
        let place = order.place
        return try await reading(name) { () async throws(StoreError) in
            switch place.part {
            case .head, .living:
                return try await Self.resources(.living, place, snapshot, name, then: .members)
            case .members:
                let after = MembershipPlace(group: place.row, member: place.member)
                let page = try await snapshot.memberships(after: after, count: Self.membersAtOnce)
                return .init(
                    lines: page.memberships.map { ArchiveLine.text(of: $0) },
                    snapshot: name,
                    place: page.next.map { .init(part: .members, row: $0.group, member: $0.member) }
                        ?? .init(part: .deleted)
                )
            case .deleted:
                let page = try await Self.resources(.deleted, place, snapshot, name, then: nil)
                if page.snapshot == nil { await core.snapshots.close(name) }
                return page
            }
        }
    }

    /// A page of resources, and what comes after it; without a moment when nothing does.
    private static func resources(
        _ kind: RosterQuery.Kind,
        _ place: AdminMessages.ArchivePlace,
        _ snapshot: any StoreSnapshot,
        _ name: String,
        then following: AdminMessages.ArchivePlace.Part?
    ) async throws(StoreError) -> AdminMessages.ExportedTenant {
        var query = RosterQuery()
        query.kind = kind
        query.type = nil
        query.after = place.row
        query.count = exportedAtOnce
        let page = try await snapshot.roster(query)
        var lines: [String] = []
        var bytes = 0
        for entry in page.entries {
            let line = ArchiveLine.text(of: entry)
            lines.append(line)
            bytes += line.utf8.count
            if bytes > TransferLimits.bytesAtOnce, lines.count < page.entries.count {
                return .init(lines: lines, snapshot: name, place: .init(part: place.part, row: entry.row))
            }
        }
        if let next = page.next {
            return .init(lines: lines, snapshot: name, place: .init(part: place.part, row: next))
        }
        return .init(
            lines: lines,
            snapshot: following == nil ? nil : name,
            place: .init(part: following ?? place.part)
        )
    }

    /// The moment of that name, or a new one, of which the tenant's activity is told.
    private func moment(
        _ name: String?,
        of tenant: Tenant,
        _ runtime: ProfileRuntime,
        as kind: ActivityKind
    ) async throws(AdminMessages.Problem) -> (String, any StoreSnapshot) {
        let now = runtime.now()
        if let name {
            guard let snapshot = core.snapshots.snapshot(name, of: tenant.id, now: now) else {
                throw .conflict("the export stood still too long and was let go; begin it again")
            }
            return (name, snapshot)
        }
        let store = try await store(of: tenant, runtime)
        let name = runtime.library.randomUUID()
        let entry = ActivityEntry(kind, at: now, by: origin)
        let snapshot = try await Self.asking { () async throws(StoreError) in
            try await store.record([entry], reads: [])
            let snapshot = try await store.snapshot()
            try await core.snapshots.keep(snapshot, of: tenant.id, as: name, now: now)
            return snapshot
        }
        return (name, snapshot)
    }

    /// Reads a page; a moment whose page failed is let go.
    private func reading<Page>(_ name: String, _ page: () async throws(StoreError) -> Page)
        async throws(AdminMessages.Problem) -> Page
    {
        do throws(StoreError) {
            return try await page()
        } catch {
            await core.snapshots.close(name)
            throw .unavailable(error)
        }
    }

    /// Resources of one page of a file: a few are at hand at once, however large they are.
    private static let exportedAtOnce = 200
    /// Memberships of one page: two ids each.
    private static let membersAtOnce = 5_000
}

extension ArchiveHeader {
    /// The header of a tenant's archive.
    init(_ tenant: Tenant) {
        self.init(
            tenant: tenant.id.text,
            displayName: tenant.displayName,
            profile: tenant.profile.rawValue,
            groups: tenant.groups.map { .init(id: $0.id.text, displayName: $0.displayName) }
        )
    }
}
