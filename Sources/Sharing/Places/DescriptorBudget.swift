/// How the process's descriptors are shared out: connections get what the open tenants leave, so that no flood of them takes
/// a database's.
package struct DescriptorBudget: Sendable, Equatable {
    /// Descriptors that may be open (RLIMIT_NOFILE).
    let openFiles: Int
    /// Event loops.
    package let loops: Int
    /// Profiles that are served; each opens tenants of its own.
    let profiles: Int
    /// Connections that the settings allow.
    let wantedConnections: Int
    /// Tenants that the settings allow to be open, of each profile.
    let wantedTenants: Int

    /// A budget of what there is, for what the settings allow.
    package init(
        openFiles: Int,
        loops: Int,
        profiles: Int,
        wantedConnections: Int,
        wantedTenants: Int
    ) {
        self.openFiles = openFiles
        self.loops = loops
        self.profiles = profiles
        self.wantedConnections = wantedConnections
        self.wantedTenants = wantedTenants
    }

    /// Tenants that a profile may have open: half of the descriptors are for connections when there are too few.
    package var openTenants: Int {
        let forTenants = free - min(wantedConnections, free / 2)
        return min(wantedTenants, max(forTenants / (perTenant * profiles), 1))
    }

    /// Connections that there may be beside so many tenants of each profile.
    package func connections(beside tenants: [Int]) -> Int {
        let held = tenants.reduce(0) { $0 + min($1, openTenants) } * perTenant
        return min(wantedConnections, max(free - held, 1))
    }

    /// What an operator is told when there are too few descriptors for what the settings allow; nil when there are enough.
    package func warning(beside tenants: [Int]) -> String? {
        let connections = connections(beside: tenants)
        let isEnough =
            connections == wantedConnections && tenants.allSatisfy { min($0, wantedTenants) <= openTenants }
        guard !isEnough else { return nil }
        let needed = reserved + wantedConnections + wantedTenants * perTenant * profiles
        return "warning: \(openFiles) open files are too few for \(wantedConnections) connections and "
            + "\(wantedTenants) open tenants; \(connections) and \(openTenants) hold\n"
            + "  fix: raise the limit to \(needed) (systemd: LimitNOFILE=\(needed)), or lower limits.connections "
            + "or storage.open_tenants"
    }

    /// A writer and a reader a loop, each with its database, write-ahead log and shared memory.
    private var perTenant: Int { 3 * (loops + 1) }

    private var free: Int { max(openFiles - reserved, 0) }

    /// What the process holds beside both.
    ///
    /// Standard streams, log, admin socket and its clients, files that are read again; for each loop its epoll, event and
    /// timer; for each profile lock, control database and module; listening sockets, of which a profile rarely has two.
    private var reserved: Int { 32 + 4 * loops + 16 * profiles }
}
