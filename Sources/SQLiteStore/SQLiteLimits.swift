/// The bounds of a SQLite store.
package struct SQLiteLimits: Sendable {
    /// Jobs in one transaction, at most: an answer waits for all of its batch.
    package var batchJobs = 64
    /// Work in one transaction, at most, besides its commit: the same reason, for jobs that are large.
    package var batchTime: Duration = .milliseconds(5)
    /// Jobs in one transaction of a load, at most, while no other write of the tenant waits.
    ///
    /// A page of an index then takes in several of them for one write to the disk: half the cost or less of a learner at
    /// 20,000 or more.
    package var loadJobs = 1_000
    /// Work in one transaction of a load, at most, while no other write of the tenant waits: it keeps a thread from other
    /// tenants for so long.
    package var loadTime: Duration = .milliseconds(50)
    /// Writes that may wait for one tenant; more are refused.
    ///
    /// About ten seconds of one tenant's work.
    package var waitingJobs = 65_536
    /// Steps of SQLite's virtual machine that a read may take on an event loop: about 1 ms.
    ///
    /// Above, it moves to a thread.
    package var loopSteps = 20_000
    /// How long a search may run on a thread before it is `.tooCostly`.
    package var searchTime: Duration = .seconds(2)
    /// Idle read-only connections kept per open tenant: one for each event loop.
    package var idleReaders = 2
    /// Whether a writer may keep 512 MiB of its file in memory and not 2: for a process that fills one file and ends.
    ///
    /// An index takes a new entry at a random place; without the page at hand each costs a read and a write of its own.
    package var keepsFileInMemory = false
    /// Bytes of learners of all tenants that are kept at hand, about: some 6,000 of them.
    ///
    /// Entra looks a person up, reads and changes that person within a second, and asks for nobody else so soon; what is
    /// kept longer than a cycle of many tenants is memory for nothing.
    package var cacheBytes = 8 << 20
    /// Pages in the log above which a checkpoint follows the commit: 16 MiB.
    package var logPages = 4_000
    /// Pages in the log above which a checkpoint is made when nothing else waits: 2 MiB, and for each file another length
    /// around it (``ofFile(_:)``).
    package var idleLogPages = 500
    /// How long a connection waits for a lock of another, in milliseconds.
    ///
    /// Ours never take each other's.
    package var busyMilliseconds: Int32 = 2_000
    /// Threads that commit: fsyncs of different files overlap up to about this many.
    package var writerThreads = 12
    /// Threads for searches and for opening files.
    package var readerThreads = 4

    /// The bounds that product and measurements ask for.
    package static let standard = SQLiteLimits()

    /// The standard bounds, to be changed one by one.
    package init() {}
}

extension SQLiteLimits {
    /// The same bounds for one file of many, with half to one and a half of ``idleLogPages``, always the same for the file.
    ///
    /// Tenants that wake at one moment and are written to alike would else all have a long log at once. 200 of them under
    /// 3,000 requests a second: 200 checkpoints within half a second, and p99 then 21 ms instead of 7.
    func ofFile(_ path: String) -> SQLiteLimits {
        guard idleLogPages < logPages else { return self }

        // FNV-1a (Fowler, Noll, Vo): names that differ in a digit are far apart.
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        var limits = self
        limits.idleLogPages = idleLogPages / 2 + Int(hash % UInt64(idleLogPages + 1))
        return limits
    }
}
