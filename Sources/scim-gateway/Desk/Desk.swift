import ArgumentParser
import Foundation
import Gateway
import Linux
import Operations
import Readiness
import SQLiteStore
import Tenancy

/// The way to do an operator's work: through the running gateway's admin socket, or on the files under their lock.
enum Desk {
    /// A gateway runs: it is the only one that touches the files.
    case running(AdminClient)
    /// None runs: we hold the lock.
    case offline(OperatorDesk, GatewayCore)

    /// Finds the way, does the work, and leaves the files as they should be.
    ///
    /// It stands back behind a gateway on the same machine: beside exports p99 of another tenant went from 1.71 to 1.39 ms,
    /// of 1.09 when none runs (14 rounds in turns).
    static func work<Result>(_ options: GlobalOptions, _ work: (Desk) async throws -> Result) async throws
        -> Result
    {
        try await BackgroundExecutor.shared.perform { try await atOnce(options, work) }
    }

    private static func atOnce<Result>(_ options: GlobalOptions, _ work: (Desk) async throws -> Result)
        async throws -> Result
    {
        let desk = try await reach(options)
        do {
            let result = try await work(desk)
            await desk.close()
            return result
        } catch {
            await desk.close()
            throw error
        }
    }

    private static func reach(_ options: GlobalOptions) async throws -> Desk {
        let settings = try Settings.read(options)
        let client = AdminClient(path: RunningSocket.path(options, settings))
        do {
            let running: AdminMessages.Version = try await client.get("/v1/version")
            Output.detail("through the gateway that runs, version \(running.version)")
            return .running(client)
        } catch is AdminClient.NotRunning {
            Output.detail("no gateway runs: on the files themselves")
            let core = try await GatewayCore.open(settings, making: .sqlite(settings), purpose: .offline)
            // Its tenants are not at hand: who asks for one would be told that there is none.
            for demand in core.notMet where !demand.isServed { Output.warning("\(demand)") }
            return .offline(OperatorDesk(core: core, actor: "uid:\(EffectiveUser.current.id)"), core)
        }
    }

    private func close() async {
        guard case .offline(_, let core) = self else { return }
        for lost in await core.storeActivity() { Output.warning("\(lost)") }
        await core.close()
    }

    /// A name as one part of a path, whatever was typed.
    private static func part(_ name: String) -> String {
        let plain = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        )
        // Only what is no Unicode has no such form, and a String is.
        return name.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}

// MARK: - The orders

extension Desk {
    /// "+ Connect a group".
    func connect(_ order: AdminMessages.Connect) async throws -> AdminMessages.MadeToken {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/connections", order)
        case .offline(let desk, _): try await desk.connect(order)
        }
    }

    /// The connections of all tenants or of one.
    func connections(of tenant: String?) async throws -> [AdminMessages.ConnectionRow] {
        switch self {
        case .running(let client):
            try await client.get("/v1/connections" + (tenant.map { "/\(Self.part($0))" } ?? ""))
        case .offline(let desk, _): try await desk.connections(of: tenant)
        }
    }

    /// Tenants by name.
    func tenants(_ order: AdminMessages.TenantsOrder) async throws -> AdminMessages.TenantRows {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/tenants", order)
        case .offline(let desk, _): try await desk.tenants(order)
        }
    }

    /// All that is known of one tenant.
    func tenant(_ name: String) async throws -> AdminMessages.TenantDetail {
        switch self {
        case .running(let client): try await client.get("/v1/tenants/\(Self.part(name))")
        case .offline(let desk, _): try await desk.tenant(name)
        }
    }

    /// Removes a connection.
    func removeConnection(_ order: AdminMessages.RemoveConnection) async throws
        -> AdminMessages.RemovedConnection
    {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/removals", order)
        case .offline(let desk, _): try await desk.removeConnection(order)
        }
    }

    /// Another token of a connection.
    func createToken(_ order: AdminMessages.CreateToken) async throws -> AdminMessages.MadeToken {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/tokens", order)
        case .offline(let desk, _): try await desk.createToken(order)
        }
    }

    /// A token in place of another.
    func rotateToken(_ order: AdminMessages.RotateToken) async throws -> AdminMessages.MadeToken {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/rotations", order)
        case .offline(let desk, _): try await desk.rotateToken(order)
        }
    }

    /// The tokens of all tenants or of one.
    func tokens(of tenant: String?) async throws -> [AdminMessages.TokenRow] {
        switch self {
        case .running(let client):
            try await client.get("/v1/tokens" + (tenant.map { "/\(Self.part($0))" } ?? ""))
        case .offline(let desk, _): try await desk.tokens(of: tenant)
        }
    }

    /// What is the matter with a token.
    func verify(_ order: AdminMessages.Verify) async throws -> AdminMessages.Verified {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/verifications", order)
        case .offline(let desk, _): try await desk.verify(order)
        }
    }

    /// Ends a token, at once or later.
    func revokeToken(_ order: AdminMessages.RevokeToken) async throws -> AdminMessages.RevokedToken {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/revocations", order)
        case .offline(let desk, _): try await desk.revokeToken(order)
        }
    }

    /// What happened.
    func activity(_ order: AdminMessages.ActivityOrder) async throws -> AdminMessages.ActivityRows {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/activity", order)
        case .offline(let desk, _): try await desk.activity(order)
        }
    }

    /// Whether what happened is as it was written, of all tenants or of one.
    func examineActivity(of tenant: String?) async throws -> [AdminMessages.ExaminedActivity] {
        switch self {
        case .running(let client):
            try await client.send(
                "POST",
                "/v1/activity/examinations",
                AdminMessages.ExamineActivity(tenant: tenant)
            )
        case .offline(let desk, _): try await desk.examineActivity(of: tenant)
        }
    }

    /// The networks that `entra` stands for.
    func networks() async throws -> [AdminMessages.NetworksRow] {
        switch self {
        case .running(let client): try await client.get("/v1/networks")
        case .offline(let desk, _): try await desk.networks()
        }
    }

    /// Takes other networks for `entra`.
    func updateNetworks(_ order: AdminMessages.UpdateNetworks) async throws -> [AdminMessages.NetworksRow] {
        switch self {
        case .running(let client): try await client.send("POST", "/v1/networks", order)
        case .offline(let desk, _): try await desk.updateNetworks(order)
        }
    }
}
