internal import CloudProfiles
package import Configuration
internal import SCIM

/// What reading the files again would change, tenant by tenant, before it is done.
///
/// Pure: made of what is in force and of what a load would put in its place.
package struct ReloadPlan: Sendable {
    /// What the settings file would change.
    package let settings: [KeyChange]
    /// The tenants whose file is another than before, by name.
    package let tenants: [TenantChange]
    /// How many tenants are as before.
    package let unchanged: Int

    /// What would become of one tenant.
    package struct TenantChange: Sendable, Equatable {
        /// The tenant's name; the file's for a file that is refused and of whom no earlier version is known.
        package let name: String
        /// What would become of it.
        package let kind: Kind
        /// The keys with another value.
        package let keys: [KeyChange]
        /// What follows for its clients and learners, in sentences.
        package let consequences: [String]
    }

    /// What becomes of a tenant.
    package enum Kind: String, Sendable {
        /// It was not there before.
        case added
        /// Its file has other values, or other words around the same ones.
        case changed
        /// Its file is gone.
        case removed
        /// Its file is refused; it goes on as it was before.
        case kept
        /// Its file is refused, and nothing of it was known before.
        case refused
        /// Its file is gone, and too many others are; it goes on as it was before.
        case held
    }

    /// The plan of putting what was loaded in the place of what is in force.
    ///
    /// Settings that cannot be used change nothing.
    package static func made(
        inForce before: TenantDirectories,
        loaded: TenantDirectoryLoading.Loaded,
        settings: GatewaySettings,
        onDisk: GatewaySettings?
    ) -> ReloadPlan {
        let change = loaded.change
        let (old, new) = (byTenant(before), byTenant(loaded.directories))
        func changes(_ tenants: [Tenant.ID], _ kind: Kind) -> [TenantChange] {
            tenants.map { id in
                TenantChange(
                    name: id.text,
                    kind: kind,
                    keys: kind == .added || kind == .changed ? keys(old[id], new[id]) : [],
                    consequences: consequences(before.tenant(id), loaded.directories.tenant(id))
                )
            }
        }
        let tenants =
            changes(change.added, .added) + changes(change.changed, .changed)
            + changes(change.removed, .removed) + changes(change.kept, .kept)
            + changes(change.held, .held)
            + change.refused.map {
                TenantChange(name: $0, kind: .refused, keys: [], consequences: [])
            }
        return ReloadPlan(
            settings: onDisk.map(settings.changes) ?? [],
            tenants: tenants.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            unchanged: change.unchanged
        )
    }

    /// The keys with another value in the file of a tenant that a load changed.
    package static func changedKeys(
        of tenant: Tenant.ID,
        inForce before: TenantDirectories,
        loaded: TenantDirectoryLoading.Loaded
    ) -> [KeyChange] {
        // A file has its tenant's name.
        let name = "\(tenant).yaml"
        return keys(before.files[name], loaded.directories.files[name])
    }

    private static func byTenant(_ directories: TenantDirectories) -> [Tenant.ID: TenantDirectories.KeptFile]
    {
        Dictionary(directories.files.values.map { ($0.file.tenant, $0) }) { first, _ in first }
    }

    private static func keys(_ old: TenantDirectories.KeptFile?, _ new: TenantDirectories.KeptFile?)
        -> [KeyChange]
    {
        KeyChange.between(
            old?.listing ?? [],
            new?.listing ?? [],
            outsideChanged: old?.file.outsideValues != new?.file.outsideValues
        )
    }

    private static func consequences(_ before: Tenant?, _ after: Tenant?) -> [String] {
        guard let before else { return [] }
        guard let after else {
            return ["its tokens get 401; its store stays, and the same name finds it again"]
        }
        let kept = Set(after.connections.map(\.id))
        var told = before.connections.filter { !kept.contains($0.id) }.map {
            "connection '\($0.id)' goes: its tokens end, and its learners become unmanaged"
        }
        if before.status != after.status {
            switch after.status {
            case .active: told.append("its requests are served again")
            case .paused: told.append("its requests get 503")
            case .disabled: told.append("its requests get 401")
            }
        }
        return told
    }
}

extension TenantDirectories.KeptFile {
    /// The values of the file, with what holds where it says nothing.
    fileprivate var listing: [WrittenValue] {
        // The file was read from these bytes before: it is sound.
        guard let root = YAMLFile.read(bytes, path: "").root else { return [] }
        return WrittenValue.listed(root, TenantKeys.rows, withDefaults: true)
    }
}
