import Store
import Synchronization

/// A tenant's store at one moment: a read-only connection of its own, inside one transaction from its first page on.
///
/// The log keeps what was overwritten since, so that somebody must see to its end.
final class SQLiteSnapshot: StoreSnapshot {
    private let file: SQLiteFile
    private let codec: DocumentCodec
    private let state: Mutex<State>

    private enum State {
        case idle(SQLiteDatabase)
        case reading
        case closed
    }

    /// A snapshot on a connection whose transaction has begun, and has read.
    init(_ database: SQLiteDatabase, of file: SQLiteFile, codec: DocumentCodec) {
        self.file = file
        self.codec = codec
        state = Mutex(.idle(database))
    }

    func roster(_ query: RosterQuery) async throws(StoreError) -> RosterPage {
        try await read { database, codec in
            try RosterRows(database: database, codec: codec).page(query)
        }
    }

    func memberships(after place: MembershipPlace, count: Int) async throws(StoreError) -> MembershipPage {
        try await read { database, codec in
            try RosterRows(database: database, codec: codec).memberships(after: place, count: count)
        }
    }

    /// One that is being read closes when that ends.
    func close() async { state.withLock { $0 = .closed } }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase, DocumentCodec) throws -> Value
    ) async throws(StoreError) -> Value {
        let taken = state.withLock { state -> SQLiteDatabase? in
            guard case .idle(let database) = state else { return nil }
            state = .reading
            return database
        }
        guard let database = taken else {
            let isClosed = state.withLock { if case .closed = $0 { true } else { false } }
            throw .unavailable(isClosed ? "The snapshot is closed." : "A page of the snapshot is being read.")
        }
        defer {
            state.withLock { state in
                if case .reading = state { state = .idle(database) }
            }
        }
        return try await file.read(on: database) { [codec] database in try body(database, codec) }
    }
}
