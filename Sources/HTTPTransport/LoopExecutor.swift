package import NIOCore
internal import Synchronization

/// Runs Swift tasks on one event loop.
///
/// A task that prefers this executor starts and resumes on the loop's thread, so it may touch what lives there,
/// and answers without changing threads. Jobs that arrive in a burst, such as the answers of one group commit,
/// wake the loop once.
package final class LoopExecutor: TaskExecutor {
    /// The loop whose thread runs the jobs.
    package let eventLoop: any EventLoop

    private let waiting = Mutex<[UnownedJob]>([])

    /// An executor for a loop.
    ///
    /// Make one per loop and keep it as long as the loop.
    /// - Parameter eventLoop: The loop.
    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Queues a job; the first of a burst asks the loop to run them all.
    /// - Parameter job: The job.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = waiting.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst {
            eventLoop.execute { self.runWaiting() }
        }
    }

    /// Starts a task that runs here and now until it first suspends, and later on the loop.
    ///
    /// On the loop only.
    /// - Parameter work: What the task does.
    /// - Returns: The task, done already if the work never suspended.
    package func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        eventLoop.preconditionInEventLoop()
        // The caller holds the task: a connection cancels it when its client is gone.
        return Task.immediate(executorPreference: self) {
            await work()
        }
    }

    private func runWaiting() {
        // Jobs queued from here on belong to the next turn of the loop, so that sockets get their share.
        let jobs = waiting.withLock { jobs in
            let taken = jobs
            jobs.removeAll(keepingCapacity: false)
            return taken
        }
        for job in jobs {
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
