package import SCIM
package import Tenancy

/// Connections and tokens that were made by command rather than declared in a file; one per cloud profile.
package protocol ControlStore: Sendable {
    /// Everything it holds, for the tenant directory.
    func contents() async throws(StoreError) -> ControlContents
    /// Keeps a connection together with its first token, in one transaction.
    func add(_ connection: ControlContents.MadeConnection, token: TokenRecord) async throws(StoreError)
    /// Keeps a connection that has no token yet: one of an archive.
    func add(_ connection: ControlContents.MadeConnection) async throws(StoreError)
    /// Keeps another token.
    func add(_ token: TokenRecord) async throws(StoreError)
    /// Ends a token; false when no such token is here.
    ///
    /// One that ends before keeps its moment.
    func revoke(_ id: AccessToken.ID, at moment: Timestamp) async throws(StoreError) -> Bool
    /// Forgets a connection and ends its tokens, in one transaction; gives those that lived until then.
    func remove(_ connection: Connection.ID, of tenant: Tenant.ID, at moment: Timestamp)
        async throws(StoreError)
        -> [AccessToken.ID]
    /// Keeps the last uses of tokens, those of files included, all in one transaction.
    func keep(_ uses: [AccessToken.ID: TokenUseRecord]) async throws(StoreError)
    /// Keeps what was told of the ends of tokens.
    func keep(_ warnings: [AccessToken.ID: ExpiryWarning]) async throws(StoreError)
    /// Keeps the networks of Entra in place of those kept before.
    func keep(_ networks: NetworkList) async throws(StoreError)
    /// Forgets tokens and all that is kept of them.
    func forget(_ tokens: [AccessToken.ID]) async throws(StoreError)
    /// Forgets the connections and tokens of a tenant, ended ones too, in one transaction.
    func removeAll(of tenant: Tenant.ID) async throws(StoreError)
    /// Keeps what an operator did, and as many of such entries as ``OperatorEntry/kept``.
    func record(_ entry: OperatorEntry) async throws(StoreError)
    /// The newest such entries, oldest first; those of one tenant, or all.
    func operatorEntries(newest count: Int, of tenant: Tenant.ID?) async throws(StoreError) -> [OperatorEntry]
    /// What of the database is not as it must be, as ``OperatedStore/faults(upTo:)``.
    func faults(upTo count: Int) async throws(StoreError) -> [StoreFault]
    /// Writes a copy of the database, as ``OperatedStore/copy(to:)``.
    func copy(to path: String) async throws(StoreError)
    /// Closes the database.
    func close() async
}
