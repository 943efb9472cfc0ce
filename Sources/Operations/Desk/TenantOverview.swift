import Configuration
import Gateway
import SCIM
import Tenancy

/// What all tenants' lists share, gathered once: who is served, who was last seen when, and what is wrong.
struct TenantOverview {
    /// The tenants that are served, by name.
    let served: [String: (ProfileRuntime, Tenant)]
    /// When a token of a tenant was last used.
    private(set) var lastSeen: [String: Timestamp] = [:]
    /// What was found in each tenant's file.
    private(set) var findings: [String: [Finding]] = [:]
    /// The files that are not in force as they are on disk.
    private var standings: [String: FileStanding] = [:]
    /// What is to be said of tokens, by tenant: the end that comes first.
    private var ending: [String: (TokenLife, Timestamp, Timestamp)] = [:]

    /// Who has not been seen for long.
    private var silences: [String: String] = [:]

    /// The state of a gateway now.
    init(_ core: GatewayCore) {
        var served: [String: (ProfileRuntime, Tenant)] = [:]
        for runtime in core.runtimes {
            for tenant in runtime.directory.tenants.values { served[tenant.id.text] = (runtime, tenant) }
        }
        self.served = served
        for finding in core.fileFindings {
            guard let name = Self.tenant(ofFile: finding.place.file) else { continue }
            findings[name, default: []].append(finding)
        }
        for standing in core.fileStandings {
            guard let name = standing.tenant?.text ?? Self.tenant(ofFile: standing.file) else { continue }
            standings[name] = standing
        }
        for runtime in core.runtimes { note(runtime.directory, now: runtime.now()) }
    }

    /// The names of all tenants, those included whose file was never in force.
    var names: [String] {
        Set(served.keys).union(standings.keys).sorted()
    }

    /// What an operator is to look at: the file first.
    func problems(of name: String) -> [String] {
        var problems: [String] = []
        if let standing = standings[name] { problems.append("\(standing)") }
        if let (life, ends, now) = ending[name] {
            let left = Elapsed.span(ends.milliseconds - now.milliseconds)
            problems.append("token \(life.record.id) ends in \(left)")
        }
        if let silence = silences[name] { problems.append(silence) }
        return problems
    }

    private mutating func note(_ directory: TenantDirectory, now: Timestamp) {
        let silence = TenantSilence(directory, now: now)
        for tenant in silence.spans.keys { silences[tenant.text] = silence.text(of: tenant) }
        for life in directory.tokens.values.map(\.life) {
            let name = life.record.tenant.text
            if let last = life.use.record?.last { lastSeen[name] = max(last, lastSeen[name] ?? last) }
            guard let warning = life.expiryWarning(at: now) else { continue }
            if let known = ending[name], known.1 <= warning.ends { continue }
            ending[name] = (life, warning.ends, now)
        }
    }

    /// `contoso` of `/etc/scim-gateway/tenants/contoso.yaml`.
    private static func tenant(ofFile path: String) -> String? {
        guard let file = path.split(separator: "/").last, file.hasSuffix(".yaml") else { return nil }
        let name = String(file.dropLast(".yaml".count))
        return EntityName(name)?.text
    }
}
