import SCIM
import Tenancy

/// Which tenants of a profile have not sent anything for longer than a pause between two cycles explains.
///
/// Only active tenants that a live token opens and that have been seen: nobody waits for the others.
struct TenantSilence {
    /// Milliseconds after which a tenant is silent: Entra comes every 40 minutes, and four times in a row it has not.
    static let begins: Int64 = 3 * 3_600_000
    /// Milliseconds after which it is no news any more.
    static let isOld: Int64 = 7 * Timestamp.dayMilliseconds

    /// How long they are silent, in milliseconds.
    private(set) var spans: [Tenant.ID: Int64] = [:]

    /// The silence in a directory at a moment.
    init(_ directory: TenantDirectory, now: Timestamp) {
        var lastSeen: [Tenant.ID: Timestamp] = [:]
        var opened: Set<Tenant.ID> = []
        for life in directory.tokens.values.map(\.life) {
            let tenant = life.record.tenant
            if life.isLive(at: now) { opened.insert(tenant) }
            if let last = life.use.record?.last { lastSeen[tenant] = max(last, lastSeen[tenant] ?? last) }
        }
        for (tenant, last) in lastSeen where opened.contains(tenant) {
            let span = now.milliseconds - last.milliseconds
            guard span > Self.begins, directory.tenant(tenant)?.status == .active else { continue }
            spans[tenant] = span
        }
    }

    /// `silent for 4 h`; nil for a tenant that is not.
    func text(of tenant: Tenant.ID) -> String? {
        spans[tenant].map { "silent for \(Elapsed.span($0))" }
    }

    /// A line for each tenant whose silence is news, the longest first: `northwind silent for 4 h`.
    var news: [String] {
        spans.filter { $0.value < Self.isOld }
            .sorted { ($1.value, $0.key.text) < ($0.value, $1.key.text) }
            .map { "\($0.key) silent for \(Elapsed.span($0.value))" }
    }
}
