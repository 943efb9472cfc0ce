import Operations
import SCIM

/// What is to be said of the stores and of what they keep of Microsoft's networks: asked of whoever holds them.
struct StoreDiagnosis {
    let desk: Desk
    /// Only this tenant's store; nil is all.
    let tenant: String?
    /// The profiles whose networks are looked at.
    let profiles: Set<String>

    /// Stores that are opened at most: opening one costs descriptors, and pushes another out.
    private static let mostStores = 200

    /// Everything.
    func all() async throws -> [Diagnosis] { try await stores() + networks() }

    /// Opens each store: an old one migrates, a newer or damaged one is refused.
    private func stores() async throws -> [Diagnosis] {
        let names: [String]
        if let tenant {
            names = [tenant]
        } else {
            names = Set(try await desk.connections(of: nil).map(\.tenant)).sorted()
        }
        var found: [Diagnosis] = []
        for name in names.prefix(Self.mostStores) {
            do {
                _ = try await desk.activity(.init(tenant: name, count: 1))
            } catch let problem as AdminMessages.Problem {
                found.append(
                    .bad(
                        "store",
                        "\(name): \(problem.detail)",
                        fix:
                            "see the gateway's log; restore the tenant's file from a backup when it is damaged"
                    )
                )
            }
        }
        let opened = min(names.count, Self.mostStores) - found.count
        guard opened > 0 || found.isEmpty else { return found }
        return [.good("store", "\(opened) of \(names.count) opened, of this version")] + found
    }

    private func networks() async throws -> [Diagnosis] {
        try await desk.networks().filter { profiles.contains($0.profile) }.map { row in
            let fix = "take Microsoft's file (download \(row.download)): scim-gateway networks update FILE"
            guard row.isUsed else {
                return .good("networks", "\(row.profile): nothing is allowed from entra alone")
            }
            guard let issued = row.issued else {
                return .bad(
                    "networks",
                    "\(row.profile): entra stands for nothing yet, and lets nobody in",
                    fix: fix
                )
            }
            let what = "\(row.profile): \(CountText.words(row.networks, "network")) of \(issued.prefix(10))"
            return row.isStale
                ? .attention(
                    "networks",
                    "\(what), more than two weeks old: new ones may be missing",
                    fix: fix
                )
                : .good("networks", what)
        }
    }
}
