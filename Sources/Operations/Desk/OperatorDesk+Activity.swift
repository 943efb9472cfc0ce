import CloudProfiles
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
        let (runtime, tenant) = try core.tenant(named: name)
        let page = try await activity(of: tenant, runtime, order)
        return AdminMessages.ActivityRows(
            rows: Self.rows(page, of: tenant, count: order.after == nil ? order.count : .max),
            next: .init(number: page.next.number, minute: page.next.minute.milliseconds)
        )
    }

    private func activityOfAll(_ order: AdminMessages.ActivityOrder) async throws(AdminMessages.Problem)
        -> AdminMessages.ActivityRows
    {
        guard order.after == nil else { throw .invalid("name the tenant whose activity is to be followed") }
        var rows: [AdminMessages.ActivityRow] = []
        for runtime in core.runtimes {
            for tenant in runtime.directory.tenants.values {
                let page = try await activity(of: tenant, runtime, order)
                rows += Self.rows(page, of: tenant, count: order.count)
            }
        }
        rows.sort { ($0.time, $0.tenant) < ($1.time, $1.tenant) }
        return AdminMessages.ActivityRows(rows: Array(rows.suffix(order.count)))
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
    private static func rows(_ page: ActivityPage, of tenant: Tenant, count: Int) -> [AdminMessages
        .ActivityRow]
    {
        var timed = page.entries.map { (time: $0.time, row: AdminMessages.ActivityRow($0, of: tenant.id)) }
        timed += page.reads.map { (time: $0.last, row: AdminMessages.ActivityRow($0, of: tenant.id)) }
        timed.sort { $0.time < $1.time }
        return timed.suffix(count).map(\.row)
    }
}

extension AdminMessages.ActivityRow {
    /// An entry as operators read it.
    fileprivate init(_ entry: ActivityEntry, of tenant: Tenant.ID) {
        let origin = entry.origin
        self.init(
            number: entry.number,
            time: entry.time.rfc3339,
            tenant: tenant.text,
            connection: origin.connection?.text,
            group: origin.targetGroup?.text,
            actor: origin.actor,
            tokenID: origin.tokenID?.text,
            kind: entry.kind.rawValue,
            operation: origin.operation,
            resourceType: entry.resource?.type.rawValue,
            resourceID: entry.resource?.id.text,
            changed: entry.changed.isEmpty ? nil : entry.changed,
            notes: entry.notes.isEmpty ? nil : entry.notes,
            outcome: entry.outcome.word,
            status: entry.status,
            scimType: entry.scimType,
            reason: entry.reason,
            explanation: entry.explanation,
            milliseconds: entry.milliseconds,
            clientAddress: origin.clientAddress,
            network: origin.network?.rawValue,
            tlsVersion: origin.tlsVersion,
            httpVersion: origin.httpVersion,
            userAgent: origin.userAgent,
            quirks: origin.quirks.isEmpty ? nil : origin.quirks,
            userName: entry.userName,
            externalID: entry.externalID,
            requestID: origin.requestID,
            count: entry.count,
            previousHash: entry.previousHash.map(DigestText.digits)
        )
    }

    /// Counted requests as operators read them: at the time of the last.
    fileprivate init(_ reads: ActivityReads, of tenant: Tenant.ID) {
        self.init(
            time: reads.last.rfc3339,
            tenant: tenant.text,
            connection: reads.connection.text,
            actor: "client",
            kind: reads.kind.rawValue,
            outcome: ActivityOutcome.ok.word,
            count: reads.count
        )
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
