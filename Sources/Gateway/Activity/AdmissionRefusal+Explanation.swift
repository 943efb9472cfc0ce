import CloudProfiles
import SCIM
import Tenancy

extension AdmissionRefusal {
    /// Why the request was not let in, and what to do, for the tenant's people: the client is told none of it.
    ///
    /// `address` is the peer's.
    func explanation(from address: String) -> String {
        switch self {
        case .paused:
            "The tenant is paused by its operator. Nothing is lost: the directory tries again."
        case .unauthorized(let reason, let claim):
            Self.explanation(reason, claim, address)
        }
    }

    private static func explanation(_ reason: Reason, _ claim: Claim, _ address: String) -> String {
        let token = claim.tokenID.map { "Token \($0)" } ?? "The token"
        switch reason {
        case .missing: return "The request has no token. Fill in Secret token."
        case .repeated: return "The request has several Authorization fields."
        case .malformed, .checksum:
            let damage = claim.damage.map { "\($0)" } ?? "this is no token of this gateway"
            return "The token is damaged: \(damage). Copy it again, or rotate it."
        case .schemeTwice:
            return "\(token) comes with 'Bearer' in front twice. Paste the token alone, without the word."
        case .unknownToken:
            return "\(token) is not known here."
        case .wrongSecret:
            return "\(token) exists, and its secret is another. Copy it again, or rotate it."
        case .expired:
            return "\(token) has ended. Make a new one and paste it."
        case .replaced:
            return "\(token) was replaced by another, and its overlap is over. Paste the new one."
        case .revoked:
            return "\(token) was revoked. Make a new one and paste it."
        case .tenantDisabled:
            return "The tenant is disabled. Enable it, or stop provisioning at its directory."
        case .address:
            return "The address \(address) is not in the networks that allow_from lists."
        }
    }

    /// What the tenant of a token is told when the token came to another cloud's listener.
    static func explanationOfWrongCloud(
        _ id: AccessToken.ID,
        own: CloudProfile.Name,
        asked: CloudProfile.Name
    )
        -> String
    {
        "Token \(id) is for the cloud \(own.rawValue), and it was shown at the Tenant URL of \(asked.rawValue). "
            + "Paste the Tenant URL that belongs to the token."
    }
}
