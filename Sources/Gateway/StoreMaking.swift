package import CloudProfiles
package import Store
package import Tenancy

/// How stores are opened.
///
/// The gateway knows only their contracts; the command line says which they are.
package struct StoreMaking: Sendable {
    /// Opens one tenant's store, which keeps what happened in the manner given.
    package let tenant: TenantOpening
    /// Opens a profile's control store.
    package let control: @Sendable (CloudProfile.Name) async throws(StoreError) -> any ControlStore
    /// The tenants that have a store under a profile.
    ///
    /// Opens none.
    package let existing: @Sendable (CloudProfile.Name) -> [Tenant.ID]

    /// Opens one tenant's store.
    package typealias TenantOpening =
        @Sendable (Tenant.ID, CloudProfile.Name, ActivityKeeping) async throws(StoreError) -> any TenantStore

    /// Ways to open stores.
    package init(
        tenant: @escaping TenantOpening,
        control: @escaping @Sendable (CloudProfile.Name) async throws(StoreError) -> any ControlStore,
        existing: @escaping @Sendable (CloudProfile.Name) -> [Tenant.ID]
    ) {
        self.tenant = tenant
        self.control = control
        self.existing = existing
    }
}
