import CloudProfiles
import Logging
import SCIM
import Store
import Tenancy

/// What is done for tokens in the background: their coming end is told, and old networks of Entra; and ended tokens are
/// forgotten after a while.
struct TokenUpkeep: Sendable {
    let core: GatewayCore
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often tokens are looked at: everything here is counted in days.
    static let interval = Duration.seconds(3_600)

    /// After how many of them old networks are told again.
    private static let roundsPerDay = 24

    /// Works until the task is cancelled.
    func run() async {
        var rounds = 0
        while !Task.isCancelled {
            for runtime in core.runtimes {
                if rounds.isMultiple(of: Self.roundsPerDay) { warnOfStaleNetworks(in: runtime) }
                await warnOfEnds(in: runtime)
                await forgetEnded(in: runtime)
            }
            rounds += 1
            do {
                try await clock.sleep(for: Self.interval)
            } catch {
                return
            }
        }
    }

    /// Tells that the networks of Entra are old, where something is allowed from them: once a day, and at each start.
    func warnOfStaleNetworks(in runtime: ProfileRuntime) {
        let directory = runtime.directory
        guard directory.namesEntra, let networks = directory.networks, networks.isStale(at: runtime.now())
        else {
            return
        }
        logger.warning(
            "the networks of Entra are old, and new ones may be missing",
            metadata: [
                "event": "networks.stale", "scim.profile": "\(runtime.profile.name.rawValue)",
                "networks.issued": .string(networks.issued.rfc3339),
                "networks.change_number": .stringConvertible(networks.changeNumber),
            ]
        )
    }

    /// Tells of each token that ends soon, once for each of ``ExpiryWarning/days``, and once when it has ended, whether the
    /// gateway was restarted meanwhile or not.
    func warnOfEnds(in runtime: ProfileRuntime) async {
        let now = runtime.now()
        do throws(StoreError) {
            let told = try await runtime.control.contents().warnings
            let lives = runtime.directory.tokens.mapValues(\.life)
            let news = lives.compactMapValues { life in
                (life.expiryWarning(at: now) ?? life.expiry(at: now)).flatMap {
                    $0.isNews(after: told[life.record.id]) ? $0 : nil
                }
            }
            for (id, warning) in news {
                guard let life = lives[id] else { continue }
                if warning.daysBefore > 0 {
                    tell(warning, of: life, now: now)
                } else {
                    tellEnd(of: life, at: warning.ends, in: runtime)
                }
            }
            if !news.isEmpty { try await runtime.control.keep(news) }
        } catch {
            logger.storeUnavailable(
                "what was told of the ends of tokens cannot be read or kept",
                error,
                at: ["scim.profile": "\(runtime.profile.name.rawValue)"]
            )
        }
    }

    private func tell(_ warning: ExpiryWarning, of life: TokenLife, now: Timestamp) {
        let record = life.record
        logger.warning(
            "a token ends soon",
            metadata: [
                "event": "token.expiring", "scim.tenant": "\(record.tenant)",
                "scim.connection": "\(record.connection)", "scim.token_id": "\(record.id)",
                "token.ends": .string(warning.ends.rfc3339),
                "token.days_left": .stringConvertible(
                    (warning.ends.milliseconds - now.milliseconds) / Timestamp.dayMilliseconds
                ),
                "token.warning_days": .stringConvertible(warning.daysBefore),
            ]
        )
    }

    /// In the log, and in the activity of the tenant.
    private func tellEnd(of life: TokenLife, at end: Timestamp, in runtime: ProfileRuntime) {
        let record = life.record
        logger.notice(
            "a token has ended",
            metadata: [
                "event": "token.expired", "scim.tenant": "\(record.tenant)",
                "scim.connection": "\(record.connection)", "scim.token_id": "\(record.id)",
                "token.ends": .string(end.rfc3339),
            ]
        )
        var origin = ActivityOrigin(actor: "system")
        origin.connection = record.connection
        origin.tokenID = record.id
        var entry = ActivityEntry(.tokenExpired, at: runtime.now(), by: origin)
        entry.explanation =
            life.end?.cause == .replaced
            ? "Its successor is in use; it ended at \(end.rfc3339)." : "Its time was up at \(end.rfc3339)."
        runtime.activity.add(entry, of: record.tenant)
    }

    /// Forgets the tokens of a profile's control database that ended long ago, and the uses of tokens that no file
    /// declares any more.
    func forgetEnded(in runtime: ProfileRuntime) async {
        do throws(StoreError) {
            let contents = try await runtime.control.contents()
            let forgotten = contents.forgettable(in: runtime.directory, now: runtime.now())
            guard !forgotten.isEmpty else { return }
            try await runtime.control.forget(forgotten)
            logger.info(
                "ended tokens forgotten",
                metadata: [
                    "event": "token.forgotten", "scim.profile": "\(runtime.profile.name.rawValue)",
                    "count": .stringConvertible(forgotten.count),
                ]
            )
            do throws(StoreError) {
                try await core.refresh()
            } catch {
                logger.storeUnavailable("the control database cannot be read again", error)
            }
        } catch {
            logger.storeUnavailable(
                "ended tokens cannot be forgotten",
                error,
                at: ["scim.profile": "\(runtime.profile.name.rawValue)"]
            )
        }
    }
}

extension ControlContents {
    /// The tokens of which nothing need be kept any more: those that ended so long ago that no list shows them, and
    /// those of which only uses are left, because their file does not declare them any more.
    ///
    /// A token outlives the one in whose place it stepped: without its first use, the other would be live again.
    func forgettable(in directory: TenantDirectory, now: Timestamp) -> [AccessToken.ID] {
        let known = Set(tokens.map(\.id)).union(directory.tokens.keys)
        let ended = tokens.filter { token in
            let holdsPredecessor = token.replacement.map { known.contains($0.predecessor) } ?? false
            return !holdsPredecessor && directory.life(of: token).isForgotten(at: now)
        }
        let left = uses.filter {
            !known.contains($0.key) && $0.value.last.isOlder(thanDays: TokenLife.listedDays, at: now)
        }
        return (ended.map(\.id) + left.keys).sorted { $0.text < $1.text }
    }
}
