import Store

/// One change that waits for its tenant's next transaction, and for whom the answer is.
struct WriteJob: Sendable {
    /// Does the change, and gives the answer that the commit sets free.
    ///
    /// It may run again when its transaction begins anew, so it has no effects but those on the database.
    let run: @Sendable (SQLiteDatabase) throws -> Answer
    /// Answers that the change was not made.
    let fail: @Sendable (StoreError) -> Void

    /// Resumes the one who waits.
    typealias Answer = @Sendable () -> Void

    /// A job that answers a continuation.
    init<Value: Sendable>(
        answering continuation: CheckedContinuation<Result<Value, StoreError>, Never>,
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Value
    ) {
        run = { database in
            let value = try body(database)
            return { continuation.resume(returning: .success(value)) }
        }
        fail = { continuation.resume(returning: .failure($0)) }
    }

    /// A job whose change gives nothing back: it answers nil, or why the change was not made.
    init(
        answering: @escaping @Sendable (StoreError?) -> Void,
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Void
    ) {
        run = { database in
            try body(database)
            return { answering(nil) }
        }
        fail = answering
    }
}

extension StoreError {
    /// What any error inside a store means to the store's caller.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as SQLiteError: self = .unavailable(error.description)
        default: self = .unavailable("The store failed for a reason that it does not know.")
        }
    }
}
