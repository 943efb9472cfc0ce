import CloudProfiles
import Crypto
import Gateway
import SCIM
import Store
import Tenancy

extension OperatorDesk {
    /// What happened, oldest first: of one tenant, or the newest of all.
    ///
    /// - Throws: a problem when the tenant does not exist, or its store cannot be read.
    package func activity(_ order: AdminMessages.ActivityOrder) async throws(AdminMessages.Problem)
        -> AdminMessages.ActivityRows
    {
        guard (1...ActivityQuery.limit).contains(order.count) else {
            throw .invalid("count is 1 to \(ActivityQuery.limit), not \(order.count)")
        }
        guard let name = order.tenant else { return try await activityOfAll(order) }
        let aside = order.after == nil ? try await aside(order, of: Tenant.ID(name)) : []
        // Of a tenant that is gone this is all there is.
        if !aside.isEmpty, !core.runtimes.contains(where: { $0.directory.tenant(Tenant.ID(name)) != nil }) {
            return AdminMessages.ActivityRows(rows: aside)
        }
        let (runtime, tenant) = try core.tenant(named: name)
        let page = try await activity(of: tenant, runtime, order)
        return AdminMessages.ActivityRows(
            rows: Self.joined(
                Self.rows(page, of: tenant, runtime, count: order.after == nil ? order.count : .max),
                aside,
                order
            ),
            next: .init(number: page.next.number, minute: page.next.minute.milliseconds)
        )
    }

    private func activityOfAll(_ order: AdminMessages.ActivityOrder) async throws(AdminMessages.Problem)
        -> AdminMessages.ActivityRows
    {
        guard order.after == nil else { throw .invalid("name the tenant whose activity is to be followed") }
        var rows = try await aside(order, of: nil)
        for runtime in core.runtimes {
            for tenant in runtime.directory.tenants.values {
                let page = try await activity(of: tenant, runtime, order)
                rows += Self.rows(page, of: tenant, runtime, count: order.count)
            }
        }
        return AdminMessages.ActivityRows(rows: Self.joined(rows, [], order))
    }

    /// What operators did where no tenant's store can tell it: to one tenant, or to any.
    private func aside(_ order: AdminMessages.ActivityOrder, of tenant: Tenant.ID?)
        async throws(AdminMessages.Problem) -> [AdminMessages.ActivityRow]
    {
        guard order.request == nil else { return [] }
        var rows: [AdminMessages.ActivityRow] = []
        for runtime in core.runtimes {
            let entries = try await Self.asking { () async throws(StoreError) in
                try await runtime.control.operatorEntries(newest: order.count, of: tenant)
            }
            let since = order.lastSeconds.map { runtime.now().milliseconds - Int64($0) * 1_000 } ?? .min
            for entry in entries where entry.time.milliseconds >= since {
                guard !order.onlyProblems || entry.outcome.isProblem else { continue }
                rows.append(.init(entry, in: runtime.profile.name) { runtime.library.sha256($0) })
            }
        }
        return rows
    }

    /// All rows by time, the newest ones when there are more than wanted; a page of what follows is whole.
    private static func joined(
        _ rows: [AdminMessages.ActivityRow],
        _ others: [AdminMessages.ActivityRow],
        _ order: AdminMessages.ActivityOrder
    ) -> [AdminMessages.ActivityRow] {
        guard order.after == nil else { return rows }
        let all = (rows + others).sorted { ($0.time, $0.tenant) < ($1.time, $1.tenant) }
        return Array(all.suffix(order.count))
    }

    /// Examines whether entries were edited or are missing: those of one tenant, or of all.
    ///
    /// - Throws: a problem when the tenant does not exist, or its store cannot be read.
    package func examineActivity(of tenantName: String?) async throws(AdminMessages.Problem)
        -> [AdminMessages.ExaminedActivity]
    {
        var asked: [(ProfileRuntime, Tenant)] = []
        if let tenantName {
            asked = [try core.tenant(named: tenantName)]
        } else {
            for runtime in core.runtimes { asked += runtime.directory.tenants.values.map { (runtime, $0) } }
            asked.sort { $0.1.id.text < $1.1.id.text }
        }
        var examined: [AdminMessages.ExaminedActivity] = []
        for (runtime, tenant) in asked {
            let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: actor)
            let verdict = try await Self.asking { () async throws(StoreError) in
                try await runtime.stores.store(for: scope).verifiedActivity()
            }
            examined.append(.init(verdict, of: tenant.id))
        }
        return examined
    }

    private func activity(of tenant: Tenant, _ runtime: ProfileRuntime, _ order: AdminMessages.ActivityOrder)
        async throws(AdminMessages.Problem) -> ActivityPage
    {
        let now = runtime.now()
        var query = ActivityQuery()
        query.count = order.count
        query.onlyProblems = order.onlyProblems
        query.requestID = order.request
        query.since = order.lastSeconds.map { Timestamp(milliseconds: now.milliseconds - Int64($0) * 1_000) }
        if let after = order.after {
            query.after = ActivityPlace(number: after.number, minute: Timestamp(milliseconds: after.minute))
            // The minute that runs is counted still.
            let span = ActivityReads.span
            query.countedBefore = Timestamp(milliseconds: now.milliseconds - now.milliseconds % span)
        }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: actor)
        let asked = query
        return try await Self.asking { () async throws(StoreError) in
            try await runtime.stores.store(for: scope).activity(asked)
        }
    }

    /// Entries and counted requests in one list, by time; the newest `count` of them.
    private static func rows(_ page: ActivityPage, of tenant: Tenant, _ runtime: ProfileRuntime, count: Int)
        -> [AdminMessages.ActivityRow]
    {
        let ids = ActivityRowID(tenant: tenant.id, digest: { runtime.library.sha256($0) })
        var timed = page.entries.map {
            (time: $0.time, row: AdminMessages.ActivityRow($0, of: tenant.id, ids))
        }
        timed += page.reads.map { (time: $0.last, row: AdminMessages.ActivityRow($0, of: tenant, ids)) }
        timed.sort { $0.time < $1.time }
        return timed.suffix(count).map(\.row)
    }
}

extension AdminMessages.ExaminedActivity {
    fileprivate init(_ verdict: ActivityVerdict, of tenant: Tenant.ID) {
        self.init(
            tenant: tenant.text,
            whole: verdict.whole,
            unchained: verdict.unchained,
            lastNumber: verdict.last.number,
            lastHash: DigestText.digits(verdict.last.hash),
            fault: verdict.fault.map { fault in
                switch fault {
                case .missing(let number): "entry \(number) is missing"
                case .altered(let number):
                    "entry \(number) is not as it was written, or does not follow the one before it"
                }
            }
        )
    }
}
