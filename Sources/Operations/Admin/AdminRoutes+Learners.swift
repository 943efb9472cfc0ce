import HTTPTransport
import HTTPTypes

/// The operations on learners and on all that is kept of a tenant.
extension AdminRoutes {
    /// Answers a `POST /v1/NAME` of these; nil when the name is none of them.
    func learners(_ name: String, _ request: IncomingRequest) async throws(AdminMessages.Problem) -> Reply? {
        switch name {
        case "users": try Self.reply(await desk.users(try await message(request)))
        case "shown-users": try Self.reply(await desk.user(try await message(request)))
        case "imports": try Self.reply(await desk.importUsers(try await message(request)))
        case "exports": Self.reply(page: try await desk.exportUsers(try await message(request)))
        case "moves": try Self.reply(await desk.moveUsers(try await message(request)))
        case "restorations": try Self.reply(await desk.restoreUsers(try await message(request)))
        case "purges": try Self.reply(await desk.purgeUsers(try await message(request)))
        case "tenant-exports": Self.reply(page: try await desk.exportTenant(try await message(request)))
        case "tenant-imports": try Self.reply(await desk.importTenant(try await message(request)))
        case "tenant-purges": try Self.reply(await desk.purgeTenant(try await message(request)))
        case "store-checks": try Self.reply(await desk.checkStores(try await message(request)))
        case "backups": try Self.reply(await desk.backUpStores(try await message(request)))
        default: nil
        }
    }
}
