package import SCIM
package import Store
import Tenancy

/// Why an operation was not performed.
package enum EngineError: Error, Sendable {
    /// The client should know why: the error is the answer.
    case refused(SCIMError)
    /// The store cannot serve now. The cause is for the operator's log, never for the client.
    case unavailable(cause: String)

    /// Runs a step whose refusal is the answer.
    ///
    /// - Throws: the refusal.
    package static func refusing<Result>(_ step: () throws(SCIMError) -> Result) throws(EngineError) -> Result
    {
        do throws(SCIMError) {
            return try step()
        } catch {
            throw EngineError.refused(error)
        }
    }

    /// Asks the store, and turns its errors into answers.
    ///
    /// - Throws: what the store's error means to the client.
    package static func asking<Result>(_ step: () async throws(StoreError) -> Result)
        async throws(EngineError) -> Result
    {
        do throws(StoreError) {
            return try await step()
        } catch {
            throw EngineError(error)
        }
    }

    /// What a store's error means to the client.
    package init(_ error: StoreError) {
        switch error {
        case .notFound: self = .refused(.noSuchResource(nil))
        case .userNameTaken: self = .refused(.userNameIsTaken)
        case .externalIDTaken: self = .refused(.externalIDIsTaken)
        case .refused(let reason): self = .refused(reason)
        case .tooCostly: self = .refused(.searchIsTooCostly)
        case .unavailable(let cause), .unusable(let cause): self = .unavailable(cause: cause)
        }
    }
}

// MARK: - What the client is told

extension SCIMError {
    /// 404: the same for a resource that never was, is deleted, or is another tenant's.
    static func noSuchResource(_ type: ResourceType.Name?) -> SCIMError {
        .notFound(
            "No \(type.map(word) ?? "resource") has this id. If it was deleted, look it up by userName and "
                + "create it again."
        )
    }

    private static func word(_ type: ResourceType.Name) -> String {
        switch type {
        case .user: "user"
        case .group: "group"
        }
    }

    /// 412 (RFC 7644 §3.14).
    static let versionIsOld = SCIMError.preconditionFailed(
        "The resource has changed since this version was read. Read it again and repeat the change."
    )

    /// 409 for a `userName`.
    static let userNameIsTaken = SCIMError.conflict(
        .uniqueness,
        "A user with this userName exists already, perhaps inactive. Find it with the filter userName eq and update it."
    )

    /// 409 for an `externalId`.
    static let externalIDIsTaken = SCIMError.conflict(
        .uniqueness,
        "Another user of this connection has this externalId. The attribute mapped to externalId must be unique: in "
            + "Microsoft Entra, map objectId to externalId."
    )

    /// 409 under the policy `owner-only`.
    static func ownedBy(_ owner: Connection.ID, _ type: ResourceType.Name) -> SCIMError {
        .conflict(
            nil,
            "This \(word(type)) is managed by the connection \(owner.text), and this tenant lets only the managing "
                + "connection change it. Take it out of one of the two applications' scopes."
        )
    }

    /// 403 for a write to `/Groups` in the learner set.
    static let groupsAreReadOnly = SCIMError.forbidden(
        "This connection provisions users only. In the identity provider, open the provisioning mappings and switch the "
            + "Groups mapping off (Microsoft Entra: Provisioning > Mappings > Provision Microsoft Entra ID Groups > Enabled: No)."
    )

    /// 400 for another name of a group of the tenant's file.
    static let targetGroupKeepsItsName = SCIMError.badRequest(
        .mutability,
        "This group is one of the tenant's target groups: its displayName is set by the service's operator. Its members "
            + "can be changed."
    )

    /// 403 for the deletion of such a group.
    static let targetGroupStays = SCIMError.forbidden(
        "This group is one of the tenant's target groups, which only the service's operator removes. Take it out of the "
            + "scope of provisioning."
    )

    /// 400 `tooMany` (RFC 7644 §3.4.2.2).
    static let searchIsTooCostly = SCIMError.badRequest(
        .tooMany,
        "This filter takes too long, since no index serves it. Filter by id, userName or externalId, or narrow it with and."
    )
}
