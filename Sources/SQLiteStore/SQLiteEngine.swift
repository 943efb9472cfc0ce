package import CloudProfiles
import Glibc
package import Store
package import Tenancy

/// Opens the SQLite files of a data root, and owns the threads that work on them.
///
/// ```
/// <directory>/<profile>/control.sqlite
/// <directory>/<profile>/tenants/<tenant>.sqlite
/// ```
///
/// Whoever makes one holds the data root's lock: no other process may open these files.
package final class SQLiteEngine: Sendable {
    private let directory: String
    private let limits: SQLiteLimits
    private let threads: SQLiteThreads
    private let cache: LearnerCache

    /// Starts the threads; opens nothing yet.
    ///
    /// - Parameters:
    ///   - directory: The data root. Folders below it are made as they are needed, for the owner only.
    ///   - limits: The bounds of each store.
    ///   - now: For the bounds on time.
    package init(
        directory: String,
        limits: SQLiteLimits = .standard,
        now: @escaping MonotonicClock = { ContinuousClock.now }
    ) {
        self.directory = directory
        self.limits = limits
        threads = SQLiteThreads(limits: limits, now: now)
        cache = LearnerCache(bytes: limits.cacheBytes)
    }

    /// Opens a tenant's store.
    ///
    /// To be closed before it is opened again. `keeping` is how it keeps what happened.
    ///
    /// - Throws: `.unusable` for a file that is damaged or that a newer program wrote, `.unavailable` otherwise.
    package func openTenant(_ tenant: Tenant.ID, _ profile: CloudProfile.Name, _ keeping: ActivityKeeping)
        async throws(StoreError) -> any TenantStore
    {
        let (file, activity) = try await open(
            folder: "\(profile.rawValue)/tenants",
            name: tenant.text,
            TenantSchema.history
        ) { writer in try ActivityWriting(keeping, in: writer) }
        return SQLiteTenantStore(file: file, codec: .identity, activity: activity)
    }

    /// Opens a profile's control database.
    ///
    /// - Throws: as ``openTenant(_:_:)``.
    package func openControl(_ profile: CloudProfile.Name) async throws(StoreError) -> SQLiteControlStore {
        SQLiteControlStore(
            file: try await open(folder: profile.rawValue, name: "control", ControlSchema.history) { _ in }.0
        )
    }

    /// The files that a tenant's store has: the database, and its log and the log's index while they are there.
    package func files(of tenant: Tenant.ID, _ profile: CloudProfile.Name) -> [(path: String, bytes: Int)] {
        Self.endings.compactMap { ending in
            let path = "\(directory)/\(profile.rawValue)/tenants/\(tenant.text).sqlite\(ending)"
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            return (path, Int(status.st_size))
        }
    }

    /// Removes a tenant's files for good.
    ///
    /// The store must be closed. The database goes last: what a crash leaves is found again.
    ///
    /// - Throws: `.unavailable`, naming the system's error.
    package func remove(_ tenant: Tenant.ID, _ profile: CloudProfile.Name) async throws(StoreError) {
        for file in files(of: tenant, profile).reversed() {
            guard unsafe unlink(file.path) == 0 || errno == ENOENT else {
                let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "unknown error"
                throw .unavailable("Cannot remove \(file.path): \(reason).")
            }
        }
    }

    private static let endings = ["", "-wal", "-shm"]

    /// Ends the threads.
    ///
    /// The stores must be closed before.
    ///
    /// - Throws: when a thread cannot be joined.
    package func stop() async throws {
        try await threads.stop()
    }

    /// Opens a file in one go on one thread, with what is read from it first.
    private func open<First: Sendable>(
        folder: String,
        name: String,
        _ history: SchemaHistory,
        reading: @escaping @Sendable (SQLiteDatabase) throws -> First
    ) async throws(StoreError) -> (SQLiteFile, First) {
        let (directory, limits, threads, shelf) = (directory, limits, threads, cache.shelf())
        let result = await threads.read("\(folder)/\(name)") {
            () -> Result<(SQLiteFile, First), StoreError> in
            do {
                let path = try DataFile(root: directory, folder: folder, name: name).path
                return .success(
                    try SQLiteFile.opened(
                        path,
                        history,
                        limits: limits,
                        threads: threads,
                        shelf: shelf,
                        reading: reading
                    )
                )
            } catch let error as SQLiteError where error.isDamage {
                return .failure(.unusable("The \(history.name) is damaged, or no database: \(error)"))
            } catch {
                return .failure(StoreError(error))
            }
        }
        return try result.get()
    }
}

/// A database file in its folder: both are there, and nobody but the owner may read them.
private struct DataFile {
    let path: String

    /// Makes what is missing.
    ///
    /// - Throws: ``StoreError`` `.unavailable`, naming the step and the system's error.
    init(root: String, folder: String, name: String) throws {
        var path = root
        try Self.makeFolder(path)
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            try Self.makeFolder(path)
        }
        path += "/\(name).sqlite"
        // SQLite would make it readable to the group and others; the log and its index take its permissions.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o600))
        guard descriptor >= 0 else { throw Self.refusal(of: "open") }
        Glibc.close(descriptor)
        self.path = path
    }

    /// Makes one folder, and syncs the one above: a store's file must not vanish with the name of its folder.
    private static func makeFolder(_ path: String) throws {
        if unsafe mkdir(path, mode_t(0o700)) != 0 {
            guard errno == EEXIST else { throw refusal(of: "make the folder of") }
            return
        }
        let above = unsafe Glibc.open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard above >= 0 else { throw refusal(of: "open the folder of") }
        defer { Glibc.close(above) }
        guard fsync(above) == 0 else { throw refusal(of: "sync the folder of") }
    }

    private static func refusal(of step: String) -> StoreError {
        let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "unknown error"
        return .unavailable("Cannot \(step) the database file: \(reason).")
    }
}
