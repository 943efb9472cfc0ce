import Linux
import Logging
import Tenancy

/// Takes changed files up by themselves: the settings file, the tenant files, and what their values name by `${file:…}`.
///
/// By the kernel's events of the folders, and by the files' content: an event alone changes nothing, and neither does a
/// new time stamp. Where no events come from, as on a network's or a container's mount, the files are looked at all the
/// same, only not as soon.
///
/// Certificates are watched by ``CertificateWatch``: they are few, and a renewal may come from anywhere above their
/// links, so each is simply looked at. Ten thousand tenant files cannot be looked at twice a second.
struct FileWatch: Sendable {
    let core: GatewayCore
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often it is asked whether something happened, one read(2); and for how long nothing must have happened
    /// before the files are looked at.
    ///
    /// Whoever writes several files is given the time, and a change is in force within a second.
    static let quiet = Duration.milliseconds(250)
    /// Questions after which the files are looked at although something goes on happening: two seconds.
    static let patience = 8
    /// Questions after which the files are looked at although nothing happened: thirty seconds.
    static let questionsBetweenLooks = 120

    /// Works until the task is cancelled.
    func run() async {
        var rounds = Rounds(core: core, logger: logger)
        while !Task.isCancelled {
            await rounds.next()
            do {
                try await clock.sleep(for: Self.quiet)
            } catch {
                return
            }
        }
    }

    /// The questions one after the other, and what was seen so far.
    struct Rounds {
        private let core: GatewayCore
        private let logger: Logger
        private var folders: WatchedFolders
        private var sinceLook = 0
        /// Questions since the first event that nobody looked after.
        private var stirred = 0
        /// Reloads when the files were last looked at; none is as many as that.
        private var reloads = -1

        init(core: GatewayCore, logger: Logger) {
            self.core = core
            self.logger = logger
            folders = WatchedFolders(logger: logger)
        }

        /// Asks whether something happened, and looks at the files when it is time.
        mutating func next() async {
            sinceLook += 1
            let isStirred = folders.takeEvents()
            if isStirred || stirred > 0 { stirred += 1 }
            let isQuiet = stirred > 0 && !isStirred
            let isDue =
                isQuiet || stirred >= FileWatch.patience
                || sinceLook >= FileWatch.questionsBetweenLooks
            // After each reload, whoever made it: other files may be read now, in other folders.
            guard isDue || core.reloadCount != reloads else { return }
            (sinceLook, stirred, reloads) = (0, 0, core.reloadCount)
            await look()
        }

        /// Watches the folders of what was last read, and reads again when that is something else now.
        ///
        /// In this order: a change in between is an event, or is seen.
        private mutating func look() async {
            guard core.settings.tenants.isWatched else { return folders.watch(only: []) }
            let record = core.filesRecord
            folders.watch(
                only: await GatewayCore.onThreads {
                    PathTrail.folders(ofFiles: record.filePaths, andFolders: record.folderPaths)
                }
            )
            guard await core.filesDiffer() else { return }
            _ = await Reloading(core: core, logger: logger).carryOut(ReloadOrder(cause: .watch))
        }
    }
}

/// The folders that the kernel watches for us, as far as it does.
private struct WatchedFolders {
    private let logger: Logger
    /// Nil when the kernel gives none.
    private let inotify: Inotify?
    /// What was told already.
    private var refused: Set<String> = []

    init(logger: Logger) {
        self.logger = logger
        do throws(SystemError) {
            inotify = try Inotify()
        } catch {
            inotify = nil
            Self.tell(error, logger)
        }
    }

    func takeEvents() -> Bool { inotify?.takeEvents() ?? false }

    mutating func watch(only folders: Set<String>) {
        guard let inotify else { return }
        let problems = inotify.watch(only: folders)
        for (folder, problem) in problems where !refused.contains(folder) { Self.tell(problem, logger) }
        refused = Set(problems.keys)
    }

    private static func tell(_ problem: SystemError, _ logger: Logger) {
        logger.warning(
            "files are not watched there; changes are seen within half a minute",
            metadata: ["event": "config.not_watched", "error.message": "\(problem)"]
        )
    }
}
