import ArgumentParser
import Configuration
import Foundation
import Operations
import Tenancy

/// Names that a shell offers for an argument: those of the gateway that runs.
extension CompletionKind {
    /// The tenants' names.
    static var tenants: CompletionKind {
        .custom { words, _, _ in
            await Offered.names(words) { client in
                let order = AdminMessages.TenantsOrder(count: Offered.atMost, countsLearners: false)
                let page: AdminMessages.TenantRows = try await client.send("POST", "/v1/tenants", order)
                return page.tenants.map(\.tenant)
            }
        }
    }

    /// TENANT/CONNECTION of every connection.
    static var connections: CompletionKind {
        .custom { words, _, _ in
            await Offered.names(words) { client in
                let rows: [AdminMessages.ConnectionRow] = try await client.get("/v1/connections")
                return rows.prefix(Offered.atMost).map { "\($0.tenant)/\($0.connection)" }
            }
        }
    }
}

/// Names for a shell.
private enum Offered {
    /// Names, at most: a longer list helps nobody who types.
    static let atMost = 1_000

    /// Asks the gateway of the command line so far; no name when none runs, or when it is asked what this user may not
    /// know: a shell has no place for complaints.
    static func names(_ words: [String], _ ask: (AdminClient) async throws -> [String]) async -> [String] {
        do {
            let socket = try option("--socket", nil, in: words) ?? settings(words).adminSocket
            return try await ask(AdminClient(path: socket))
        } catch {
            return []
        }
    }

    private static func settings(_ words: [String]) throws -> GatewaySettings {
        let path = option("--config", "-c", in: words) ?? GlobalOptions().config
        let checked = GatewaySettings.read(
            path: path,
            files: DiskFileReader(),
            environment: Settings.environment
        )
        guard let settings = checked.value else { throw Failure(lines: [], .configuration) }
        return settings
    }

    /// The value that stands behind an option.
    private static func option(_ long: String, _ short: String?, in words: [String]) -> String? {
        for (word, next) in zip(words, words.dropFirst()) where word == long || word == short { return next }
        let joined = words.first { $0.hasPrefix(long + "=") }
        return joined.map { String($0.dropFirst(long.count + 1)) }
    }
}
