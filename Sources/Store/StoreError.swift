package import SCIM

/// Why a store did not do what was asked.
///
/// Holds no value of any person.
package enum StoreError: Error, Sendable, Equatable {
    /// No resource has that id.
    case notFound
    /// Another resource has that `userName`.
    case userNameTaken
    /// Another learner has that `externalId` in this connection.
    case externalIDTaken
    /// The caller's own function refused, inside the transaction.
    case refused(SCIMError)
    /// A condition without an index did not finish within its time.
    case tooCostly
    /// The database cannot be used now (disk full, I/O error, closed); trying again may help. The text names the cause.
    case unavailable(String)
    /// The database file is damaged or newer than this program; trying again does not help. The text names the cause.
    case unusable(String)
}

extension StoreError {
    /// Runs what the caller decides inside the transaction; its refusal is the store's.
    package static func deciding<Result>(_ decision: () throws(SCIMError) -> Result) throws(StoreError)
        -> Result
    {
        do throws(SCIMError) {
            return try decision()
        } catch {
            throw StoreError.refused(error)
        }
    }

    /// The connection's target group has not been arranged in the store.
    package static let noTargetGroup = StoreError.unavailable(
        "The connection's target group is not in the store."
    )
}
