import Operations

// MARK: - The orders about learners

extension Desk {
    /// A page of learners.
    func users(_ order: AdminMessages.ListUsers) async throws -> AdminMessages.Users {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/users", order)
        case .offline(let desk, _): try await desk.users(order)
        }
    }

    /// All that is known of a learner.
    func user(_ order: AdminMessages.ShowUser) async throws -> AdminMessages.ShownUser {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/shown-users", order)
        case .offline(let desk, _): try await desk.user(order)
        }
    }

    /// Makes unmanaged learners of lines of a file.
    func importUsers(_ order: AdminMessages.Import) async throws -> AdminMessages.Imported {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/imports", order)
        case .offline(let desk, _): try await desk.importUsers(order)
        }
    }

    /// A page of learners as lines of a file.
    func exportUsers(_ order: AdminMessages.ExportUsers) async throws -> AdminMessages.ExportedUsers {
        switch self {
        case .running(let client): try await client.page("/v1/exports", order)
        case .offline(let desk, _): try await desk.exportUsers(order)
        }
    }

    /// Moves a page of learners.
    func moveUsers(_ order: AdminMessages.MoveUsers) async throws -> AdminMessages.MovedUsers {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/moves", order)
        case .offline(let desk, _): try await desk.moveUsers(order)
        }
    }

    /// Brings deleted learners back.
    func restoreUsers(_ order: AdminMessages.DeletedUsers) async throws -> [AdminMessages.UserResult] {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/restorations", order)
        case .offline(let desk, _): try await desk.restoreUsers(order)
        }
    }

    /// Removes learners for good.
    func purgeUsers(_ order: AdminMessages.DeletedUsers) async throws -> [AdminMessages.UserResult] {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/purges", order)
        case .offline(let desk, _): try await desk.purgeUsers(order)
        }
    }
}

// MARK: - The orders about all that is kept of a tenant

extension Desk {
    /// A page of a tenant's archive.
    func exportTenant(_ order: AdminMessages.ExportTenant) async throws -> AdminMessages.ExportedTenant {
        switch self {
        case .running(let client): try await client.page("/v1/tenant-exports", order)
        case .offline(let desk, _): try await desk.exportTenant(order)
        }
    }

    /// Puts lines of an archive into a tenant.
    func importTenant(_ order: AdminMessages.ImportTenant) async throws -> AdminMessages.ImportedTenant {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/tenant-imports", order)
        case .offline(let desk, _): try await desk.importTenant(order)
        }
    }

    /// Removes all that is kept of a tenant whose file is gone.
    func purgeTenant(_ order: AdminMessages.PurgeTenant) async throws -> AdminMessages.PurgedTenant {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/tenant-purges", order)
        case .offline(let desk, _): try await desk.purgeTenant(order)
        }
    }

    /// Looks for faults in stores.
    func checkStores(_ order: AdminMessages.CheckStores) async throws -> [AdminMessages.CheckedStore] {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/store-checks", order)
        case .offline(let desk, _): try await desk.checkStores(order)
        }
    }

    /// Copies stores.
    func backUpStores(_ order: AdminMessages.BackUpStores) async throws -> AdminMessages.BackedUpStores {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/backups", order)
        case .offline(let desk, _): try await desk.backUpStores(order)
        }
    }
}
