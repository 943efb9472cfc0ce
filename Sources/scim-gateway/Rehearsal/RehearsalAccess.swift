import ArgumentParser
import CloudProfiles
import Configuration
import Crypto
import Foundation
import Operations
import Outbound
import Readiness
import Rehearsal
import Tenancy

/// A rehearsal's way in: address, token, and whom it trusts.
///
/// The token is a pass of the running gateway, which is given back at the end; or, where no gateway runs on this machine,
/// one that its caller has.
struct RehearsalAccess {
    /// Where the requests go.
    let url: TenantURL
    /// Who is found and trusted how.
    let route: Route
    /// The requests with the token.
    let requests: EntraRequests
    /// The pass, as the gateway made it; nil for a token of the caller's.
    let pass: AdminMessages.MadePass?
    /// Draws a random GUID.
    let makeGUID: @Sendable () -> String

    private let client: AdminClient?

    /// Does a work with a way in that is closed at its end.
    ///
    /// Ends the command with 2 when the gateway refuses, with 64 when no address is known, and with 69 when none runs.
    static func with<Result: Sendable>(
        _ global: GlobalOptions,
        _ options: RehearsalOptions,
        to connection: ConnectionName,
        seconds: Int64,
        _ work: (RehearsalAccess) async throws -> Result
    ) async throws -> Result {
        let access = try await opened(global, options, to: connection, seconds: seconds)
        do {
            let result = try await work(access)
            await access.close()
            return result
        } catch {
            await access.close()
            throw error
        }
    }

    private static func opened(
        _ global: GlobalOptions,
        _ options: RehearsalOptions,
        to connection: ConnectionName,
        seconds: Int64
    ) async throws -> RehearsalAccess {
        let settings = try Settings.read(global)
        if let file = options.tokenFile {
            let profile = settings.servedProfiles.count == 1 ? settings.servedProfiles.first : nil
            return try RehearsalAccess(
                settings,
                options,
                profile: profile,
                listener: settings.listeners.first { $0.profile.value == profile }.map {
                    "\($0.publicURL.value)/scim/v2"
                },
                token: try token(in: file)
            )
        }
        let client = AdminClient(path: RunningSocket.path(global, settings))
        let order = AdminMessages.MakePass(
            tenant: connection.tenant,
            connection: connection.connection,
            lifeSeconds: seconds
        )
        do {
            let pass: AdminMessages.MadePass = try await client.send("POST", "/v1/passes", order)
            return try RehearsalAccess(
                settings,
                options,
                profile: CloudProfile.Name(rawValue: pass.profile),
                listener: pass.tenantURL,
                token: pass.token,
                pass: pass,
                client: client
            )
        } catch is AdminClient.NotRunning {
            throw Failure(
                "no gateway runs at its admin socket, which makes the pass; start it, or give a token of the "
                    + "connection: --token-file FILE --url URL",
                .notRunning
            )
        }
    }

    private init(
        _ settings: GatewaySettings,
        _ options: RehearsalOptions,
        profile: CloudProfile.Name?,
        listener: String?,
        token: String,
        pass: AdminMessages.MadePass? = nil,
        client: AdminClient? = nil
    ) throws {
        guard let text = options.url ?? listener else {
            throw ValidationError(
                "the settings do not tell which listener it is; name the Tenant URL: --url URL"
            )
        }
        guard let url = TenantURL(text) else {
            throw ValidationError("a Tenant URL is https://HOST/scim/v2, not '\(text)'")
        }
        let name = profile ?? .commercial
        // TLS of a profile that demands the FIPS module runs in it, on this side too.
        guard case .made(let library, _) = ProfileLibrary.made(for: name, settings.fips(of: name)) else {
            throw Failure(
                "OpenSSL of profile \(name.rawValue) cannot be used; see: scim-gateway fips-check",
                .failure
            )
        }
        self.url = url
        route = Route(authorities: options.routing.ca, addresses: options.routing.resolve, library: library)
        requests = EntraRequests(tenantURL: text, token: token)
        makeGUID = { library.randomUUID() }
        self.pass = pass
        self.client = client
    }

    /// Gives the pass back; one that cannot be given back ends by itself.
    private func close() async {
        guard let pass, let client else { return }
        do {
            try await client.order("DELETE", "/v1/passes/\(pass.passID)")
        } catch {
            Output.note(
                "note: the pass \(pass.passID) could not be given back; it ends by itself within the hour"
            )
        }
    }

    /// A token out of a file, without the line break at its end.
    private static func token(in file: String) throws -> String {
        guard file != "-" else { return PastedToken(try TokenInput.read()).text }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw ValidationError("\(file) cannot be read")
        }
        return PastedToken(String(decoding: bytes, as: UTF8.self)).text
    }
}
