internal import CloudProfiles
internal import Configuration
internal import SCIM

/// Joins one profile's files with its control database: connections and tokens of both share one
/// space.
struct ProfileMerging {
    private(set) var findings: [Finding] = []

    private let input: TenantDirectoryLoading.Input
    private let profile: CloudProfile.Name
    private let contents: ControlContents
    private let controlPlace: FilePlace
    private var tokens: [AccessToken.ID: TenantDirectory.Entry] = [:]
    private var liveTokens: [LiveKey: Int] = [:]
    private let lives: TokenLives
    private var tallies: [Tenant.ID: TenantTally] = [:]

    private struct LiveKey: Hashable {
        let tenant: Tenant.ID
        let connection: Connection.ID
    }

    init(input: TenantDirectoryLoading.Input, profile: CloudProfile.Name) {
        self.input = input
        self.profile = profile
        contents = input.control[profile] ?? ControlContents()
        let data = input.settings.storage.directory
        controlPlace = FilePlace(file: "\(data)/\(profile.rawValue)/control.sqlite")
        lives = TokenLives(contents: contents, before: input.previous[profile])
    }

    /// The directory of these files.
    mutating func directory(of files: [TenantFile], generation: Int) -> TenantDirectory {
        let made = Dictionary(grouping: contents.connections, by: \.tenant)
        var tenants: [Tenant.ID: Tenant] = [:]
        for file in files {
            let connections = usable(made[file.tenant] ?? [], of: file)
            tenants[file.tenant] = file.tenant(adding: connections, limits: input.settings.limits.tenant)
        }
        for orphan in contents.connections where tenants[orphan.tenant] == nil {
            warn(
                "connection '\(orphan.connection.id)' belongs to tenant '\(orphan.tenant)', which no file "
                    + "declares"
            )
        }
        // Counters go on in the same objects.
        let before = input.previous[profile]?.tallies ?? [:]
        for tenant in tenants.keys { tallies[tenant] = before[tenant] ?? TenantTally() }
        addControlTokens(tenants)
        for file in files { addTokens(of: file, tenants) }
        return TenantDirectory(
            profile: .named(profile),
            generation: generation,
            tenants: tenants,
            tokens: tokens,
            passes: passes(tenants),
            tallies: tallies,
            networks: contents.networks
        )
    }

    /// The tokens of probes that still have a connection to open.
    private func passes(_ tenants: [Tenant.ID: Tenant]) -> [AccessToken.ID: TenantDirectory.Entry] {
        var entries: [AccessToken.ID: TenantDirectory.Entry] = [:]
        for pass in input.passes[profile] ?? [] {
            guard let tenant = tenants[pass.record.tenant],
                let connection = tenant.connections.first(where: { $0.id == pass.record.connection })
            else { continue }
            entries[pass.record.id] = .init(pass: pass, tenant: tenant, connection: connection)
        }
        return entries
    }

    /// The connections that commands made and that the file leaves room for.
    private mutating func usable(_ made: [ControlContents.MadeConnection], of file: TenantFile)
        -> [Connection]
    {
        let declared = Set(file.connections.map(\.value.id))
        let groups = Set(file.groups.map(\.id))
        return made.map(\.connection).filter { connection in
            if declared.contains(connection.id) {
                warn(
                    "connection '\(connection.id)' of tenant '\(file.tenant)' is in its file, too; the file is "
                        + "used"
                )
                return false
            }
            if let group = connection.group, !groups.contains(group) {
                findings.append(
                    Finding(
                        .error,
                        "connection '\(connection.id)' of tenant '\(file.tenant)' names group '\(group)', "
                            + "which is not in its file any more",
                        at: controlPlace,
                        fix: "put the group back, or remove the connection; it is refused until then"
                    )
                )
                return false
            }
            return true
        }
    }

    /// Tokens that commands made come first: they are in use, and a file can be changed.
    ///
    /// Of those made in the same moment the one that was kept first comes first: a newcomer must not push it out.
    private mutating func addControlTokens(_ tenants: [Tenant.ID: Tenant]) {
        let ordered = contents.tokens.enumerated().sorted {
            ($0.element.created?.milliseconds ?? 0, $0.offset)
                < ($1.element.created?.milliseconds ?? 0, $1.offset)
        }
        for record in ordered.map(\.element) {
            // A token whose connection is gone has ended with it: nothing to tell.
            guard let entry = entry(for: record, tenants) else { continue }
            add(entry, at: controlPlace)
        }
    }

    private mutating func addTokens(of file: TenantFile, _ tenants: [Tenant.ID: Tenant]) {
        for token in file.tokens {
            guard let entry = entry(for: token.value, tenants) else { continue }
            guard tokens[token.value.id] == nil else {
                findings.append(
                    Finding(
                        .error,
                        "token id '\(token.value.id)' is already in the control database",
                        at: token.place,
                        fix: "remove it here; the one in the control database stays in force"
                    )
                )
                continue
            }
            add(entry, at: token.place)
        }
    }

    private mutating func add(_ entry: TenantDirectory.Entry, at place: FilePlace) {
        let key = LiveKey(tenant: entry.tenant.id, connection: entry.connection.id)
        if entry.life.isLive(at: input.now) {
            guard liveTokens[key, default: 0] < TenancyLimits.liveTokens else {
                findings.append(
                    Finding(
                        .error,
                        "token '\(entry.record.id)' is refused: connection '\(key.connection)' of tenant "
                            + "'\(key.tenant)' has \(TenancyLimits.liveTokens) live tokens already",
                        at: place,
                        fix: "revoke one of them"
                    )
                )
                return
            }
            liveTokens[key, default: 0] += 1
        }
        tokens[entry.record.id] = entry
    }

    private func entry(for record: TokenRecord, _ tenants: [Tenant.ID: Tenant]) -> TenantDirectory.Entry? {
        guard let tenant = tenants[record.tenant],
            let connection = tenant.connections.first(where: { $0.id == record.connection })
        else { return nil }
        return TenantDirectory.Entry(
            life: lives.life(of: record),
            tenant: tenant,
            connection: connection,
            entra: contents.networks?.set,
            tally: tallies[record.tenant]
        )
    }

    private mutating func warn(_ message: String) {
        findings.append(Finding(.warning, message, at: controlPlace))
    }
}
