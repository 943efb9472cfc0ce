import Configuration
package import Logging
import Tenancy
import UnixSignals

/// Carries reloads out, whoever asks for them, and leaves in the log what came of each.
package struct Reloading: Sendable {
    let core: GatewayCore
    let logger: Logger

    /// Reloads of this gateway, told to this log.
    package init(core: GatewayCore, logger: Logger) {
        self.core = core
        self.logger = logger
    }

    /// Findings of one reload that are logged one by one: a folder of broken files must not drown the log.
    static let loggedFindings = 50

    /// Carries out what is asked for by SIGHUP, and by commands that do not wait, until the task is cancelled.
    func run(on hangups: UnixSignalsSequence) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in hangups {
                    core.pendingReload.ask(for: ReloadOrder(cause: .signal))
                }
            }
            await core.pendingReload.each { order in _ = await carryOut(order) }
            tasks.cancelAll()
        }
    }

    /// Reads everything again, and tells the log.
    package func carryOut(_ order: ReloadOrder) async -> ReloadOutcome {
        let outcome = await core.reload(order)
        let change = outcome.change
        logger.notice(
            "files read again",
            metadata: [
                "event": "config.applied", "config.generation": .stringConvertible(outcome.generation),
                "config.cause": .string(order.cause.rawValue),
                "config.added": .stringConvertible(change.added.count),
                "config.changed": .stringConvertible(change.changed.count),
                "config.removed": .stringConvertible(change.removed.count),
                "config.held": .stringConvertible(change.held.count),
                "config.unchanged": .stringConvertible(change.unchanged),
                "config.refused_files": .stringConvertible(outcome.after.refusedFiles),
                "duration_ms": .stringConvertible(outcome.milliseconds),
            ]
        )
        for key in outcome.after.restartNeeded {
            logger.warning(
                "a changed setting needs a restart",
                metadata: ["event": "config.restart_needed", "config.key": .string(key.key)]
            )
        }
        tell(outcome)
        return outcome
    }

    private func tell(_ outcome: ReloadOutcome) {
        let errors = outcome.after.findings.filter { $0.severity == .error }
        for finding in errors.prefix(Self.loggedFindings) {
            logger.error(
                "a file is refused",
                metadata: [
                    "event": "config.refused", "config.file": .string(finding.place.file),
                    "config.line": .stringConvertible(finding.place.line),
                    "config.column": .stringConvertible(finding.place.column),
                    "error.message": .string(finding.message),
                ]
            )
        }
        for problem in outcome.problems.prefix(Self.loggedFindings) {
            logger.error(
                "something of the files is refused",
                metadata: ["event": "config.refused", "error.message": .string(problem)]
            )
        }
        let untold = max(0, errors.count - Self.loggedFindings)
        guard untold > 0 else { return }
        logger.error(
            "more files are refused",
            metadata: ["event": "config.refused", "count": .stringConvertible(untold)]
        )
    }
}
