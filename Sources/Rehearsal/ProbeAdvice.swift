internal import Outbound

/// What to do about an answer, or none, that a probe did not want.
package struct ProbeAdvice: Sendable {
    /// TENANT/CONNECTION.
    private let connection: String
    /// `active`, `paused` or `disabled`; nil when the probe has the token from elsewhere and does not know.
    private let tenantStatus: String?

    /// Advice for a probe of that connection.
    package init(connection: String, tenantStatus: String?) {
        self.connection = connection
        self.tenantStatus = tenantStatus
    }

    /// What is wrong with an answer that has another status than was wanted.
    func problem(_ answer: SCIMAnswer, wanted: [Int]) -> String {
        let wanted = wanted.map(String.init).joined(separator: " or ")
        guard answer.isSCIM else {
            return "the answer \(answer.status) is not SCIM: something in front gave it"
        }
        let said = answer.detail.map { ": \($0)" } ?? ""
        return "answered \(answer.status) instead of \(wanted)\(said)"
    }

    /// What to do about it.
    func fix(_ answer: SCIMAnswer) -> String {
        let tenant = connection.prefix { $0 != "/" }
        guard answer.isSCIM else {
            return "look for a proxy, a firewall or a log-in page between this machine and the gateway"
        }
        switch answer.status {
        case 401 where tenantStatus == "disabled":
            return "tenant \(tenant) is disabled: write status: active in its file, then: scim-gateway reload"
        case 401:
            return "see why the token opens nothing: scim-gateway activity \(tenant) --only problems"
        case 404:
            return "the Tenant URL must be the gateway's own and end in /scim/v2"
        case 421:
            return "write the Tenant URL's host under hosts: of the listener, or correct public_url"
        case 429:
            return "the tenant is at its ceiling; try again, or raise limits: in its file"
        case 503 where tenantStatus == "paused":
            return "tenant \(tenant) is paused: write status: active in its file, then: scim-gateway reload"
        case 500...:
            return "see the gateway's log\(requestID(answer)); scim-gateway status; scim-gateway doctor"
        default:
            return "see what the gateway says: scim-gateway activity \(tenant)\(requestID(answer))"
        }
    }

    /// What to do when no answer came at all.
    static func fix(_ failure: HTTPSFailure) -> String {
        switch failure.code {
        case .unresolved:
            "add the name to the DNS; or try without it: --resolve HOST:PORT:ADDRESS"
        case .notConnected:
            "start the gateway, or open the port in every firewall on the way; scim-gateway status shows the listeners"
        case .timedOut:
            "open the port in every firewall on the way: one of them drops the packets"
        case .untrusted:
            "have the certificate issued by an authority that everybody knows; for one of your own: --ca FILE"
        case .handshake:
            "look for a proxy that ends TLS; what is offered: scim-gateway doctor"
        case .badAuthorities:
            "name a PEM file: --ca FILE; or install the package ca-certificates"
        case .impossible, .broken, .tooLarge, .failed:
            "make sure that the Tenant URL is the gateway's own"
        }
    }

    private func requestID(_ answer: SCIMAnswer) -> String {
        answer.answer["X-Request-Id"].map { " --request \($0)" } ?? ""
    }
}
