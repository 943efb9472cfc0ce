import CloudProfiles
import Configuration
import NIOPosix
import SCIM
package import Store
import Synchronization
import Tenancy

extension GatewayCore {
    /// Takes up what the control databases now hold.
    ///
    /// Files are not read again.
    package func refresh() async throws(StoreError) {
        let making = making
        let moment = now()
        _ = try await take { $0.merged($1, $2, making, now: moment) }
    }

    /// Reads the settings, the tenant files and, unless the files' own watch asks, the certificates again.
    ///
    /// Each tenant changes as a whole, and at once: a request that begins after the return, on whichever loop, meets the
    /// new rules. A bad file keeps the last good version.
    package func reload(_ order: ReloadOrder = ReloadOrder(cause: .command)) async -> ReloadOutcome {
        let (begun, making) = (now(), making)
        if order.cause != .watch { await refreshCertificates(isAsked: true) }
        do throws(StoreError) {
            let (before, after) = try await take {
                $0.again($1, $2, making, now: begun, allowsRemovals: order.allowsRemovals)
            }
            ConfigurationNoting(runtimes: runtimes, actor: order.actor).note(after.loaded)
            logThreshold.set(after.settings.log.level)
            var told: [String] = []
            for runtime in runtimes {
                guard let previous = before.loaded.directories[runtime.profile.name] else { continue }
                told += await ReloadConsequences(runtime: runtime, before: previous).carryOut()
            }
            let problems = order.cause == .watch ? told : certificateFindings + told
            let outcome = ReloadOutcome(
                before: before,
                after: after,
                problems: problems,
                milliseconds: Int(max(0, now().milliseconds - begun.milliseconds))
            )
            state.withLock { $0.history.note(at: begun, refuses: outcome.refuses) }
            return outcome
        } catch {
            let reading = state.withLock { state in
                state.history.note(at: begun, refuses: true)
                return state.reading
            }
            return ReloadOutcome(
                before: reading,
                after: reading,
                problems: [
                    "error: the control database cannot be read (\(error.operatorText)); nothing is changed"
                ],
                milliseconds: Int(max(0, now().milliseconds - begun.milliseconds))
            )
        }
    }

    /// How many reloads there were.
    var reloadCount: Int { state.withLock { $0.history.count } }

    /// What was last read of the disk.
    var filesRecord: ReadingRecord { state.withLock { $0.reading.record } }

    /// Whether the disk holds something else than what was last read.
    func filesDiffer() async -> Bool {
        let record = filesRecord
        return await Self.onThreads { !record.isCurrent(in: DiskFileReader()) }
    }

    /// Makes a new reading of the one in force, and serves it.
    ///
    /// Computed outside the lock, and swapped in only if nobody else has done so meanwhile: else it begins again, with
    /// the control stores read anew, so that no connection made in between is lost.
    private func take(
        _ made:
            @escaping @Sendable (
                FilesReading, [CloudProfile.Name: ControlContents], [CloudProfile.Name: [ProbePass]]
            ) -> FilesReading
    ) async throws(StoreError) -> (before: FilesReading, after: FilesReading) {
        while true {
            let before = state.withLock { $0.reading }
            let contents = try await GatewayOpening.contents(of: runtimes)
            let passes = livePasses
            let after = await Self.onThreads { made(before, contents, passes) }
            let isTaken = state.withLock { state in
                let inForce = state.reading.loaded.directories.generation
                guard inForce == before.loaded.directories.generation else { return false }
                state.reading = after
                return true
            }
            guard isTaken else { continue }
            for runtime in runtimes {
                if let directory = after.loaded.directories[runtime.profile.name] { runtime.serve(directory) }
            }
            // More tenants leave fewer descriptors.
            state.withLock { $0.places }?.limit(placeLimits)
            return (before, after)
        }
    }

    /// Does what blocks, such as reading files, off the event loops.
    package static func onThreads<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        do {
            return try await NIOThreadPool.singleton.runIfActive(work)
        } catch {
            // The pool of the process is there as long as the process; without it the work is done all the same.
            return work()
        }
    }
}
