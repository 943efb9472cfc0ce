package import HTTPTransport
import HTTPTypes
import NIOCore
package import SCIM
import Sharing
package import Tenancy

/// Any outcome of an exchange that is not success.
///
/// Becomes exactly one reply, here and nowhere else.
package enum Refusal: Error, Sendable {
    /// No token, or one that opens nothing: one and the same answer, the reason is for the log only. Or a paused tenant.
    case notAdmitted(AdmissionRefusal)
    /// The host is not one that the listener serves.
    case misdirected
    /// No turn came for as long as the request may wait; the seconds after which to come again.
    case tooManyRequests(retryAfterSeconds: Int)
    /// As many of the tenant's requests wait as may; the seconds after which to come again.
    case tooManyWaiting(retryAfterSeconds: Int)
    /// As many of all requests wait as may; the seconds after which to come again.
    case overloaded(retryAfterSeconds: Int)
    /// No endpoint has that path.
    case noSuchEndpoint
    /// The endpoint has other methods.
    case methodNotAllowed(Endpoint)
    /// The body's type is not JSON.
    case unsupportedMediaType
    /// What the SCIM layers refuse.
    case scim(SCIMError)
    /// What the HTTP layer refuses.
    case http(HTTPRefusal)
    /// The store cannot serve; the cause is for the log only.
    case unavailable(cause: String)

    /// The reply that tells the client.
    func reply(requestID: RequestID, mediaType: String) -> Reply {
        let error = scimError
        var fields = HTTPFields()
        switch self {
        case .notAdmitted(.unauthorized): fields[.wwwAuthenticate] = "Bearer realm=\"scim\""
        case .notAdmitted(.paused): fields[.retryAfter] = "\(GatewayLimits.pausedRetrySeconds)"
        case .tooManyRequests(let seconds), .tooManyWaiting(let seconds), .overloaded(let seconds):
            fields[.retryAfter] = "\(seconds)"
        case .methodNotAllowed(let endpoint):
            fields[.allow] = endpoint.allow
        case .unavailable: fields[.retryAfter] = "\(GatewayLimits.unavailableRetrySeconds)"
        case .misdirected, .noSuchEndpoint, .unsupportedMediaType, .scim, .http: break
        }
        return Reply.scim(
            status: error.status,
            body: error.body,
            mediaType: mediaType,
            requestID: requestID,
            fields: fields,
            closes: closesConnection,
            pause: pause
        )
    }

    /// The SCIM error that says it.
    ///
    /// A 5xx says the request's id and nothing else.
    var scimError: SCIMError {
        switch self {
        case .notAdmitted(.unauthorized): .notAuthorized
        case .notAdmitted(.paused):
            .statusOnly(
                503,
                "Provisioning of this tenant is paused. It goes on when the operator resumes it."
            )
        case .misdirected:
            .statusOnly(421, "This host name is not served here. Use the Tenant URL exactly as it was given.")
        case .tooManyRequests(let seconds), .tooManyWaiting(let seconds):
            .statusOnly(
                429,
                "This tenant sends more requests than its ceiling allows, or than can be worked on now. "
                    + "Wait \(seconds) s and send this again."
            )
        case .noSuchEndpoint:
            .statusOnly(
                404,
                "Nothing is at this path. The Tenant URL ends in /scim/v2; below it are /Users and /Groups."
            )
        case .methodNotAllowed(let endpoint):
            .statusOnly(405, "This path does not have that method. It has: \(endpoint.allow).")
        case .unsupportedMediaType:
            .statusOnly(
                415,
                "The body must be application/scim+json or application/json in UTF-8, without content coding."
            )
        case .scim(let error): error
        // RFC 7644 §3.7.4 wants the limit named, and an answer cannot know yet whether the body was that of a bulk.
        case .http(.bodyTooLarge):
            .statusOnly(
                413,
                "A body has at most \(BulkLimits.payloadBytes) bytes (maxPayloadSize). Send less in one request."
            )
        case .http(let refusal): .statusOnly(refusal.status, refusal.sentence)
        case .overloaded, .unavailable: .statusOnly(503, "The service cannot answer now. Try again.")
        }
    }

    private var closesConnection: Bool {
        if case .http = self { true } else { false }
    }

    /// What is refused at once would come back at once.
    private var pause: TimeAmount? {
        switch self {
        case .tooManyWaiting, .overloaded: TurnLimits.pause
        case .notAdmitted(.unauthorized): .milliseconds(GatewayLimits.unauthorizedPauseMilliseconds)
        default: nil
        }
    }

    /// The word in the log for it: from a closed set.
    package var reason: String {
        switch self {
        case .notAdmitted(.unauthorized(let reason, _)): reason.rawValue
        case .notAdmitted(.paused): "tenant_paused"
        case .misdirected: "misdirected"
        case .tooManyRequests: "rate"
        case .tooManyWaiting: "waiting"
        case .overloaded: "overload"
        case .noSuchEndpoint: "no_endpoint"
        case .methodNotAllowed: "method"
        case .unsupportedMediaType: "media_type"
        case .scim(let error): error.kind?.rawValue ?? "scim_\(error.status)"
        case .http(let refusal): refusal.reason
        case .unavailable: "store_unavailable"
        }
    }
}

extension Refusal {
    /// Why there is no turn for a request.
    init(_ refusal: TurnRefusal) {
        self =
            switch refusal {
            case .late(let seconds): .tooManyRequests(retryAfterSeconds: seconds)
            case .tooMany(let seconds): .tooManyWaiting(retryAfterSeconds: seconds)
            case .overloaded(let seconds): .overloaded(retryAfterSeconds: seconds)
            // A client that is gone reads no answer: 408 is what the log shows.
            case .abandoned: .http(.timeout)
            }
    }
}

extension SCIMError {
    /// 401, byte for byte the same for every token that opens nothing.
    static let notAuthorized = SCIMError.statusOnly(
        401,
        "This needs a valid bearer token. Copy the token of the connection again, or ask the operator for a new one."
    )
}

extension SCIMError {
    /// An error that RFC 7644 gives no `scimType` for.
    static func statusOnly(_ status: Int, _ detail: String) -> SCIMError {
        SCIMError(status: status, kind: nil, detail: detail)
    }
}

extension HTTPRefusal {
    /// The word in the log for it.
    var reason: String {
        switch self {
        case .badRequest(let malformation): "http_\(malformation.rawValue)"
        default: "http_\(status)"
        }
    }
}
