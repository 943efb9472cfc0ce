package import SCIM
package import Tenancy

/// Connections and tokens that were made by command rather than declared in a file; one per cloud profile.
package protocol ControlStore: Sendable {
    /// Everything it holds, for the tenant directory.
    func contents() async throws(StoreError) -> ControlContents
    /// Keeps a connection together with its first token, in one transaction.
    func add(_ connection: ControlContents.MadeConnection, token: TokenRecord) async throws(StoreError)
    /// Keeps another token.
    func add(_ token: TokenRecord) async throws(StoreError)
    /// Ends a token; false when no such token is here.
    func revoke(_ id: AccessToken.ID, at moment: Timestamp) async throws(StoreError) -> Bool
    /// Closes the database.
    func close() async
}
