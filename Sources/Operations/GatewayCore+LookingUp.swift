import CloudProfiles
import Configuration
import Gateway
import Tenancy

extension GatewayCore {
    /// The tenant of that name and the profile that serves it.
    func tenant(named name: String) throws(AdminMessages.Problem) -> (ProfileRuntime, Tenant) {
        for runtime in runtimes {
            if let tenant = runtime.directory.tenants[Tenant.ID(name)] { return (runtime, tenant) }
        }
        let names = runtimes.flatMap { $0.directory.tenants.keys.map(\.text) }.sorted()
        throw .notFound(
            "there is no tenant '\(name)'; \(OperatorDesk.meant(name, among: names, having: "there are"))"
        )
    }

    /// The token of that public id and the profile it belongs to.
    func token(named id: String) -> (ProfileRuntime, TokenLife)? {
        for runtime in runtimes {
            if let id = AccessToken.ID(id), let entry = runtime.directory.tokens[id] {
                return (runtime, entry.life)
            }
        }
        return nil
    }

    /// What clients of a profile call, without the base path.
    func publicURL(of profile: CloudProfile.Name) -> String? {
        settings.listeners.first { $0.profile.value == profile }.map { "\($0.publicURL.value)" }
    }
}
