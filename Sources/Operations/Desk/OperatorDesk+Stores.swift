import CloudProfiles
import Crypto
import Gateway
import Linux
import SCIM
import Store
import Tenancy

extension OperatorDesk {
    /// Looks for what is not as it must be in one tenant's store, or in all and in the control databases.
    ///
    /// A store that cannot be opened is a finding, and stops no other.
    ///
    /// - Throws: a problem when nothing is kept of the tenant.
    package func checkStores(_ order: AdminMessages.CheckStores) async throws(AdminMessages.Problem)
        -> [AdminMessages.CheckedStore]
    {
        var checked: [AdminMessages.CheckedStore] = []
        for runtime in core.runtimes {
            let profile = runtime.profile.name
            if order.tenant == nil {
                var faults = await Self.faults { () async throws(StoreError) in
                    try await runtime.control.faults(upTo: Self.toldFaults)
                }
                faults += await noted(faults, of: nil, runtime)
                checked.append(.init(profile: profile.rawValue, tenant: nil, faults: faults))
            }
            for tenant in kept(order.tenant, runtime) {
                var faults = await Self.faults { () async throws(StoreError) in
                    try await with(tenant, runtime) { store throws(StoreError) in
                        try await store.faults(upTo: Self.toldFaults)
                    }
                }
                faults += await noted(faults, of: tenant, runtime)
                checked.append(.init(profile: profile.rawValue, tenant: tenant.text, faults: faults))
            }
        }
        try requireAny(checked.count, order.tenant)
        return checked
    }

    /// Copies one tenant's store, or all and the control databases, into a new folder, while they are in use.
    ///
    /// The folder is laid out as a data root: put in the place of one, it is served. A backup of one tenant holds its store
    /// alone.
    ///
    /// - Throws: a problem when the folder is there already or cannot be written, or a store cannot be copied.
    package func backUpStores(_ order: AdminMessages.BackUpStores) async throws(AdminMessages.Problem)
        -> AdminMessages.BackedUpStores
    {
        guard order.folder.hasPrefix("/") else { throw .invalid("name the folder from the root on") }
        let stores = core.runtimes.map { ($0, kept(order.tenant, $0)) }
        try requireAny(stores.reduce(order.tenant == nil ? 1 : 0) { $0 + $1.1.count }, order.tenant)
        var manifest = AdminMessages.BackedUpStores(
            program: ProgramVersion.text,
            created: core.now().rfc3339,
            files: []
        )
        try Self.making { () throws(SystemError) in try PrivateFolder.make(order.folder) }
        for (runtime, tenants) in stores where order.tenant == nil || !tenants.isEmpty {
            let profile = runtime.profile.name.rawValue
            try Self.making { () throws(SystemError) in
                try PrivateFolder.make("\(order.folder)/\(profile)")
                try PrivateFolder.make("\(order.folder)/\(profile)/tenants")
            }
            if order.tenant == nil {
                let path = "\(profile)/control.sqlite"
                try await Self.asking { () async throws(StoreError) in
                    try await runtime.control.copy(to: "\(order.folder)/\(path)")
                }
                manifest.files.append(try Self.file(path, in: order.folder, runtime.library))
                try await noteCopy(of: nil, in: order.folder, runtime)
            }
            for tenant in tenants {
                let path = "\(profile)/tenants/\(tenant).sqlite"
                try await Self.asking { () async throws(StoreError) in
                    try await with(tenant, runtime) { store throws(StoreError) in
                        try await store.copy(to: "\(order.folder)/\(path)")
                    }
                }
                manifest.files.append(try Self.file(path, in: order.folder, runtime.library))
                try await noteCopy(of: tenant, in: order.folder, runtime)
            }
        }
        try Self.making { () throws(SystemError) in
            try PrivateFolder.write(manifest.text, to: "\(order.folder)/\(Self.manifestName)")
        }
        return manifest
    }

    /// Notes that a store was checked; what cannot be noted is one more fault.
    private func noted(_ faults: [String], of tenant: Tenant.ID?, _ runtime: ProfileRuntime) async -> [String]
    {
        let count = faults.count == Self.toldFaults ? "\(faults.count) or more" : "\(faults.count)"
        do throws(StoreError) {
            try await noteStore(
                .storeChecked,
                faults.isEmpty ? .ok : .failed,
                of: tenant,
                aside: faults.isEmpty ? nil : "Faults: \(count). They are told by: scim-gateway store check.",
                in: runtime
            )
            return []
        } catch {
            return ["that it was checked cannot be noted: \(error.operatorText)"]
        }
    }

    /// Notes that a store was copied.
    private func noteCopy(of tenant: Tenant.ID?, in folder: String, _ runtime: ProfileRuntime)
        async throws(AdminMessages.Problem)
    {
        try await Self.asking { () async throws(StoreError) in
            try await noteStore(.storeBackedUp, of: tenant, aside: "Into \(folder).", in: runtime)
        }
    }

    /// The tenants that have a store under a profile, those whose file is gone too.
    private func kept(_ tenant: String?, _ runtime: ProfileRuntime) -> [Tenant.ID] {
        core.making.existing(runtime.profile.name).filter { tenant == nil || $0.text == tenant }
            .sorted { $0.text < $1.text }
    }

    private func requireAny(_ count: Int, _ tenant: String?) throws(AdminMessages.Problem) {
        guard count == 0, let tenant else { return }
        throw .notFound("nothing is kept of a tenant '\(tenant)'")
    }

    /// Works on a store: the one that is served, or that of a tenant whose file is gone, alone and as it is.
    private func with<Value: Sendable>(
        _ tenant: Tenant.ID,
        _ runtime: ProfileRuntime,
        _ body: (any TenantStore) async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        if let served = runtime.directory.tenant(tenant) {
            let scope = OperatorAccess.scope(tenant: served, profile: runtime.profile, operator: actor)
            return try await body(try await runtime.stores.store(for: scope))
        }
        return try await runtime.stores.alone(with: tenant, of: runtime.profile.name) {
            () async throws(StoreError) in
            let keeping = ActivityKeeping(runtime.profile, in: runtime.library, now: runtime.now)
            let store = try await core.making.tenant(tenant, runtime.profile.name, keeping)
            do throws(StoreError) {
                let value = try await body(store)
                await store.close()
                return value
            } catch {
                await store.close()
                throw error
            }
        }
    }

    private static func faults(_ check: () async throws(StoreError) -> [StoreFault]) async -> [String] {
        do throws(StoreError) {
            return try await check().map(\.text)
        } catch {
            return ["it cannot be checked: \(error.operatorText)"]
        }
    }

    private static func file(_ path: String, in folder: String, _ library: LibraryContext)
        throws(AdminMessages.Problem) -> AdminMessages.BackedUpFile
    {
        let digest = library.digesting()
        var bytes = 0
        try making { () throws(SystemError) in
            try DiskFile.forEachPart(of: "\(folder)/\(path)") { part in
                digest.add(part)
                bytes += part.count
            }
        }
        return .init(path: path, bytes: bytes, sha256: digest.end().map(hexadecimal).joined())
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func making(_ step: () throws(SystemError) -> Void) throws(AdminMessages.Problem) {
        do throws(SystemError) {
            try step()
        } catch {
            throw .conflict("the backup cannot be written: \(error)")
        }
    }

    /// Faults of one store that are told, at most: a damaged file has no end of them.
    private static let toldFaults = 100
    /// The file of a backup that tells what it holds.
    private static let manifestName = "manifest.json"
}
