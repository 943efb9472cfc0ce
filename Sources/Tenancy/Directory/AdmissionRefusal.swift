/// Why a request was not admitted.
///
/// The client learns none of it: every ``unauthorized(_:_:)`` is one and the same 401.
package enum AdmissionRefusal: Error, Sendable, Equatable {
    /// 401. The reason and the claim are for the activity log and the metrics only.
    case unauthorized(Reason, Claim)
    /// 503: the token is good, and its tenant is paused.
    case paused(Claim)

    /// Why a token did not open anything: a closed set, the label of a metric.
    package enum Reason: String, Sendable, CaseIterable {
        /// There is no Authorization field.
        case missing
        /// There are several Authorization fields.
        case repeated
        /// It is no bearer token, or none of this gateway's shape.
        case malformed
        /// `Bearer` stands there twice: the word was pasted with the token.
        case schemeTwice = "bearer_twice"
        /// It has the shape of a token, and its checksum is wrong: a character was changed.
        case checksum
        /// No token of this profile has that id. Tokens of other profiles are unknown here, too.
        case unknownToken = "unknown_token"
        /// A token of this profile has that id, and another secret.
        case wrongSecret = "wrong_secret"
        /// The token has ended.
        case expired
        /// The token was revoked.
        case revoked
        /// Another token stepped in its place, and the overlap is over.
        case replaced
        /// The tenant is disabled.
        case tenantDisabled = "tenant_disabled"
        /// The peer's address is outside the connection's `allow_from`.
        case address
    }

    /// Who a refused request says it is.
    ///
    /// Only for ``Reason/expired`` and those after it has that been proved.
    package struct Claim: Sendable, Equatable {
        /// The public id in the token, as far as it could be read.
        package let tokenID: AccessToken.ID?
        /// The tenant of the token with that id.
        package let tenant: Tenant.ID?
        /// The connection of the token with that id.
        package let connection: Connection.ID?
        /// What is wrong with the token's text; nil when its text is sound.
        package let damage: TokenDamage?

        /// A claim, empty unless told otherwise.
        package init(
            tokenID: AccessToken.ID? = nil,
            tenant: Tenant.ID? = nil,
            connection: Connection.ID? = nil,
            damage: TokenDamage? = nil
        ) {
            self.tokenID = tokenID
            self.tenant = tenant
            self.connection = connection
            self.damage = damage
        }
    }

    /// Who the request says it is.
    package var claim: Claim {
        switch self {
        case .unauthorized(_, let claim), .paused(let claim): claim
        }
    }
}
