import Outbound

@testable import Rehearsal

/// A SCIM server for one learner, and what it was asked; it can be told to fail.
// SAFETY: one test has it, and one task of that test at a time.
final class PretendServer: @unchecked Sendable {
    /// Method and path of each request, the query cut off.
    private(set) var asked: [String] = []
    /// Whether its learner is there.
    private(set) var hasLearner = false
    /// What it does instead of the right thing at the request of that number, 1-based.
    var faults: [Int: Result<HTTPSAnswer, HTTPSFailure>] = [:]
    /// Whether a learner is made although no answer to it comes.
    var makesBeforeFault = false

    func answer(_ request: HTTPSRequest) -> Result<HTTPSAnswer, HTTPSFailure> {
        let path = request.url.split(separator: "/scim/v2").last.map(String.init) ?? ""
        asked.append("\(request.method.rawValue) \(path.prefix { $0 != "?" })")
        if let fault = faults[asked.count] {
            if makesBeforeFault, request.method == .post { hasLearner = true }
            return fault
        }
        return .success(right(request, path))
    }

    private func right(_ request: HTTPSRequest, _ path: String) -> HTTPSAnswer {
        let sent = String(decoding: request.body ?? [], as: UTF8.self)
        switch request.method {
        case .get where path.contains("?"):
            let isFound = hasLearner && path.contains("probe.invalid")
            let found = isFound ? "\(Self.learner)" : ""
            return Self.json(200, #"{"totalResults":\#(isFound ? 1 : 0),"Resources":[\#(found)]}"#)
        case .get, .patch:
            guard hasLearner else { return Self.json(404, #"{"status":"404","detail":"gone"}"#) }
            return Self.json(
                200,
                sent.contains("False") ? Self.learner.replacing("true", with: "false") : Self.learner
            )
        case .post:
            hasLearner = true
            return Self.json(201, Self.learner)
        case .delete:
            let status = hasLearner ? 204 : 404
            hasLearner = false
            return HTTPSAnswer(status: status, fields: [], body: [], microseconds: 1)
        }
    }

    static let learner = """
        {"id":"1","active":true,"\(EntraRequests.enterpriseSchema)":{"manager":{"value":"1"}}}
        """

    /// An answer of SCIM.
    static func json(_ status: Int, _ body: String) -> HTTPSAnswer {
        HTTPSAnswer(
            status: status,
            fields: [HTTPSField("content-type", "application/scim+json")],
            body: Array(body.utf8),
            microseconds: 1_600
        )
    }
}
