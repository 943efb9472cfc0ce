import UnixSignals

/// Ctrl-C, for a work that has something to put back before it ends.
enum Interruption {
    /// Does a work; SIGINT and SIGTERM cancel its task, and the end of it is waited for.
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result)
        async throws
        -> (result: Result, isInterrupted: Bool)
    {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask { try await work() }
            tasks.addTask {
                for await _ in signals { return nil }
                return nil
            }
            var isInterrupted = false
            while let ended = try await tasks.next() {
                if let result = ended {
                    tasks.cancelAll()
                    return (result, isInterrupted)
                }
                isInterrupted = true
                tasks.cancelAll()
            }
            preconditionFailure("the work ended without a result and without an error")
        }
    }
}
