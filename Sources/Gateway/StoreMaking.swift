package import CloudProfiles
package import Store
package import Tenancy

/// How stores are opened.
///
/// The gateway knows only their contracts; the command line says which they are.
package struct StoreMaking: Sendable {
    /// What they are, as a label of metrics: `sqlite`.
    package let backend: String
    /// Opens one tenant's store, which keeps what happened in the manner given.
    package let tenant: TenantOpening
    /// Opens a profile's control store.
    package let control: @Sendable (CloudProfile.Name) async throws(StoreError) -> any ControlStore
    /// The tenants that have a store under a profile.
    ///
    /// Opens none.
    package let existing: @Sendable (CloudProfile.Name) -> [Tenant.ID]

    /// The files that a tenant's store has under a profile.
    package let files: @Sendable (Tenant.ID, CloudProfile.Name) -> [(path: String, bytes: Int)]
    /// Removes those files; the store must be closed.
    package let remove: @Sendable (Tenant.ID, CloudProfile.Name) async throws(StoreError) -> Void
    /// Whether there is a file at a path.
    package let isFile: @Sendable (String) -> Bool
    /// Opens one tenant's store.
    package typealias TenantOpening =
        @Sendable (Tenant.ID, CloudProfile.Name, ActivityKeeping) async throws(StoreError) -> any TenantStore

    /// Ways to open stores.
    package init(
        backend: String,
        tenant: @escaping TenantOpening,
        control: @escaping @Sendable (CloudProfile.Name) async throws(StoreError) -> any ControlStore,
        existing: @escaping @Sendable (CloudProfile.Name) -> [Tenant.ID],
        files: @escaping @Sendable (Tenant.ID, CloudProfile.Name) -> [(path: String, bytes: Int)],
        remove: @escaping @Sendable (Tenant.ID, CloudProfile.Name) async throws(StoreError) -> Void,
        isFile: @escaping @Sendable (String) -> Bool
    ) {
        self.backend = backend
        self.tenant = tenant
        self.control = control
        self.existing = existing
        self.files = files
        self.remove = remove
        self.isFile = isFile
    }
}
