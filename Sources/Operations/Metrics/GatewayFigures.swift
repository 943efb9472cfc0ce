import CloudProfiles
import Configuration
import Crypto
import Gateway
import Linux
import SCIM
import Sharing
import Synchronization
import Tenancy

/// The figures of a running gateway, as its monitoring reads them.
///
/// No database is asked, and what is counted costs a request a few additions (``RequestTally``). Yet with thousands of
/// tenants it takes its time: not for an event loop.
struct GatewayFigures {
    let core: GatewayCore
    /// How many tenants, and how many refused files, have series of their own.
    var labelled = GatewayLimits.labelledNames
    /// How many have none.
    var folded = FoldedNames()

    /// The figures at this moment.
    var exposition: Exposition {
        let state = core.present
        let loaded = state.reading.loaded.directories
        let names = LabelledNames(loaded.tenants.map(\.id.text), most: labelled)
        let files = LabelledNames(refusedFiles(state.reading), most: labelled)
        let (expiry, lastUse) = tokens(names)
        folded.add(tenants: names, files: files)
        return Exposition(
            families: [build, tenants(loaded)] + reloads(state.history) + [refusedFiles(state.reading, files)]
                + [
                    lastRequests(names), expiry, lastUse, certificates(state.listeners),
                    connections(state.places), networkAges, folded.family, droppedLines,
                ]
                + RequestFigures(tallies: core.tallies, runtimes: core.runtimes, tenants: names).families
                + StoreFigures(core: core, tenants: names).families
                + ProcessFamilies(figures: .current()).families
        )
    }

    private var build: MetricFamily {
        var family = MetricFamily("scimgw_build_info", .gauge, "The program's version; always 1.")
        let libraries = LinkedLibraries.versions
        let fips = core.runtimes.contains { $0.library.fips != nil }
        family.add(
            1,
            [
                "version": ProgramVersion.text, "revision": ProgramVersion.revision,
                "swift": ProgramVersion.swift, "openssl": libraries["OpenSSL"] ?? "", "fips": "\(fips)",
            ]
        )
        return family
    }

    // MARK: Files

    private func tenants(_ directories: TenantDirectories) -> MetricFamily {
        var family = MetricFamily(
            "scimgw_tenants",
            .gauge,
            "Tenants by state; invalid is a file that is refused, and nothing serves in its place."
        )
        for status in Tenant.Status.allCases {
            let count = directories.tenants.count { $0.status == status }
            family.add(Int64(count), ["state": status.rawValue])
        }
        let invalid = directories.standings.count { $0.state == .refused && $0.tenant == nil }
        family.add(Int64(invalid), ["state": "invalid"])
        return family
    }

    private func reloads(_ history: ReloadHistory) -> [MetricFamily] {
        var reloads = MetricFamily(
            "scimgw_config_reloads_total",
            .counter,
            "Reloads since the start; a rejected one refused something of what is on disk."
        )
        reloads.add(Int64(history.applied), ["result": "applied"])
        reloads.add(Int64(history.rejected), ["result": "rejected"])
        var successful = MetricFamily(
            "scimgw_config_last_reload_successful",
            .gauge,
            "1 when the last reading of the files refused nothing, else 0."
        )
        successful.add(history.lastWasSuccessful ? 1 : 0)
        var success = MetricFamily(
            "scimgw_config_last_reload_success_timestamp_seconds",
            .gauge,
            "When a reading of the files last refused nothing; missing when none has since the start."
        )
        if let moment = history.lastSuccess { success.add(moment.seconds) }
        return [reloads, successful, success]
    }

    /// Their paths, as the log's `config.file`.
    private func refusedFiles(_ reading: FilesReading) -> [String] {
        let folder = reading.settings.tenants.directory
        return reading.loaded.directories.standings.filter { $0.state == .refused }.map {
            "\(folder)/\($0.file)"
        }
    }

    private func refusedFiles(_ reading: FilesReading, _ names: LabelledNames) -> MetricFamily {
        var family = MetricFamily(
            "scimgw_config_file_refused",
            .gauge,
            "Files that are refused as they are on disk; what was last in force of them serves."
        )
        if reading.refusesSettings { family.add(1, ["file": reading.settings.path]) }
        for path in refusedFiles(reading) { family.add(1, ["file": names.label(of: path)]) }
        return family
    }

    // MARK: Tokens

    private func tokens(_ tenants: LabelledNames) -> (expiry: MetricFamily, lastUse: MetricFamily) {
        var expiry = MetricFamily(
            "scimgw_token_expiry_timestamp_seconds",
            .gauge,
            "When a token ends; of a connection without a live one, when its last one ended.",
            merging: .earliest
        )
        var lastUse = MetricFamily(
            "scimgw_token_last_used_timestamp_seconds",
            .gauge,
            "When a token was last used; missing for one that never was.",
            merging: .latest
        )
        for life in watchedTokens {
            let (tenant, figures) = (tenants.label(of: life.record.tenant.text), TokenFigures(life))
            let token = tenant == LabelledNames.other ? tenant : life.record.id.text
            if let end = figures.expiryTimestamp {
                expiry.add(end, ["tenant": tenant, "token_id": token])
            }
            if let use = figures.lastUsedTimestamp {
                lastUse.add(use, ["tenant": tenant, "token_id": token])
            }
        }
        return (expiry, lastUse)
    }

    /// By the last use of any token of the tenant, ended ones too: whoever is silent stands out.
    private func lastRequests(_ tenants: LabelledNames) -> MetricFamily {
        var family = MetricFamily(
            "scimgw_tenant_last_request_timestamp_seconds",
            .gauge,
            "When a tenant last sent a request with a good token; missing for one that never did.",
            merging: .latest
        )
        var seen: [String: Timestamp] = [:]
        for life in core.runtimes.flatMap({ $0.directory.tokens.values.map(\.life) }) {
            guard let last = life.use.record?.last else { continue }
            let tenant = life.record.tenant.text
            seen[tenant] = max(last, seen[tenant] ?? last)
        }
        for (tenant, last) in seen.sorted(by: { $0.key < $1.key }) {
            family.add(last.seconds, ["tenant": tenants.label(of: tenant)])
        }
        return family
    }

    /// The live tokens; of a connection that has none, the last one if its time was up: nobody meant that.
    ///
    /// What was revoked or replaced is done with, and would set off an alert for as long as it is listed.
    private var watchedTokens: [TokenLife] {
        let watched = core.runtimes.flatMap { runtime in
            let now = runtime.now()
            let byConnection = Dictionary(grouping: runtime.directory.tokens.values.map(\.life)) { life in
                "\(life.record.tenant)/\(life.record.connection)"
            }
            return byConnection.values.flatMap { lives in
                let live = lives.filter { $0.isLive(at: now) }
                return live.isEmpty ? Self.lastExpired(lives, now: now).map { [$0] } ?? [] : live
            }
        }
        return watched.sorted {
            ($0.record.tenant.text, $0.record.id.text) < ($1.record.tenant.text, $1.record.id.text)
        }
    }

    private static func lastExpired(_ ended: [TokenLife], now: Timestamp) -> TokenLife? {
        let last = ended.max { ($0.end?.moment ?? now) < ($1.end?.moment ?? now) }
        guard let last, last.end?.cause == .expired, !last.isForgotten(at: now) else { return nil }
        return last
    }

    // MARK: Listeners

    /// By the name that clients call, and the address: listeners at two addresses may have one name.
    private func certificates(_ listeners: [Listener]) -> MetricFamily {
        var family = MetricFamily(
            "scimgw_tls_certificate_expiry_timestamp_seconds",
            .gauge,
            "When the certificate in force of a listener ends.",
            merging: .earliest
        )
        for (served, listener) in zip(core.servedListeners, listeners) {
            family.add(
                served.certificateEnds.seconds,
                ["server_name": served.settings.publicURL.value.host, "address": listener.address]
            )
        }
        return family
    }

    private func connections(_ places: ConnectionPlaces?) -> MetricFamily {
        var family = MetricFamily(
            "scimgw_connections",
            .gauge,
            "Open connections of all listeners: in their TLS handshake, or through it."
        )
        guard let figures = places?.figures else { return family }
        family.add(Int64(figures.handshakes), ["state": "handshake"])
        family.add(Int64(figures.open - figures.handshakes), ["state": "established"])
        return family
    }

    /// Of the networks that `entra` stands for.
    private var networkAges: MetricFamily {
        var family = MetricFamily(
            "scimgw_network_list_age_seconds",
            .gauge,
            "How old the list of a cloud's networks is, by its maker's date; missing before one is taken."
        )
        for runtime in core.runtimes {
            guard let list = runtime.directory.networks else { continue }
            let age = (runtime.now().milliseconds - list.issued.milliseconds) / 1_000
            family.add(max(0, age), ["set": NetworkList.tag, "profile": runtime.profile.name.rawValue])
        }
        return family
    }

    private var droppedLines: MetricFamily {
        var family = MetricFamily(
            "scimgw_log_dropped_total",
            .counter,
            "Lines of the log that were dropped, because its reader was too slow."
        )
        family.add(Int64(core.droppedLogLines()))
        return family
    }
}

extension Timestamp {
    /// Seconds since 1970, as metrics have them.
    fileprivate var seconds: Int64 { milliseconds / 1_000 }
}
