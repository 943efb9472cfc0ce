import Dialects
import HTTPTypes
import SCIM

/// What a bulk operation asks for, its method and path understood: one of four writes (RFC 7644 §3.7).
///
/// Its id and its body may still refer to resources that the same request makes.
enum BulkWrite {
    /// POST to `/Users`.
    case create(ResourceType.Name, BulkBody)
    /// PUT to `/Users/2819c223`.
    case replace(ResourceType.Name, ResourceID, BulkBody, Preconditions)
    /// PATCH of `/Users/2819c223` or `/Users/bulkId:qwerty`.
    case patch(ResourceType.Name, ResourceID, BulkBody, Preconditions)
    /// DELETE of `/Users/2819c223`.
    case delete(ResourceType.Name, ResourceID, Preconditions)

    /// Takes the path as that of a single request: the same spellings, the same refusals.
    ///
    /// The RFC wants it relative to the service's root. One with the base path, or with the whole location, can mean
    /// nothing else and is taken. A query is passed over: it could only shape a body, and a bulk answer has none.
    ///
    /// - Throws: 404 for a path that leads nowhere, 405 or 501 for a method that has no meaning there, 400 for an
    ///   endpoint that is no resource's, and for a version that is no entity tag.
    static func reading(_ call: BulkOperation.Call, below visit: Visit) throws(Refusal) -> BulkWrite {
        guard let endpoint = endpoint(of: call.path, below: visit) else { throw Refusal.noSuchEndpoint }
        let conditions = try conditions(of: call)
        switch (call.action, endpoint) {
        case (.create(let body), .collection(let type)):
            return .create(type, body)
        case (.replace(let body), .resource(let type, let id)):
            return .replace(type, id, body, conditions)
        case (.patch(let body), .resource(let type, let id)):
            return .patch(type, id, body, conditions)
        case (.delete, .resource(let type, let id)):
            return .delete(type, id, conditions)
        default:
            try endpoint.require(call.action.method)
            throw Refusal.scim(.noResourceEndpoint)
        }
    }

    /// The version as `If-Match` has it: a POST has no use for one.
    private static func conditions(of call: BulkOperation.Call) throws(Refusal) -> Preconditions {
        do throws(SCIMError) {
            return Preconditions(ifMatch: try .reading(call.version), ifNoneMatch: nil)
        } catch {
            throw Refusal.scim(error)
        }
    }

    private static func endpoint(of path: String, below visit: Visit) -> Endpoint? {
        let whole = visit.locationPrefix + "/"
        guard !path.utf8.starts(with: whole.utf8) else {
            return RequestTarget(
                visit.target.basePath + "/\(Substring(path.utf8.dropFirst(whole.utf8.count)))"
            ).endpoint
        }
        return RequestTarget(path).endpoint ?? RequestTarget(visit.target.basePath + "/" + path).endpoint
    }
}

// MARK: - What it works on

extension BulkWrite {
    /// The type of resource.
    var type: ResourceType.Name {
        switch self {
        case .create(let type, _), .replace(let type, _, _, _), .patch(let type, _, _, _),
            .delete(let type, _, _):
            type
        }
    }

    /// The resource, by its id or by a reference; nil when it is to be made.
    var target: ResourceID? {
        switch self {
        case .create: nil
        case .replace(_, let id, _, _), .patch(_, let id, _, _), .delete(_, let id, _): id
        }
    }

    /// Whom its path and body refer to.
    var references: [BulkID] {
        let inPath = target.flatMap { BulkID(reference: $0.text) }.map { [$0] } ?? []
        switch self {
        case .create(_, let body), .replace(_, _, let body, _), .patch(_, _, let body, _):
            return inPath + body.references
        case .delete:
            return inPath
        }
    }

    /// The operation as the interpretation of a single request gives it, with an id in the place of each reference.
    ///
    /// - Throws: what `id` throws for a reference that stands for nothing, else as the interpretation.
    func interpreted(
        by interpretation: Interpretation,
        _ id: (BulkID) throws(SCIMError) -> ResourceID
    ) throws(SCIMError) -> Interpretation.Interpreted {
        switch self {
        case .create(let type, let body):
            return try interpretation.creation(of: type, json: body.resolved(id))
        case .replace(let type, let target, let body, let conditions):
            let target = try target.resolved(id)
            return try interpretation.replacement(of: type, target, json: body.resolved(id), conditions)
        case .patch(let type, let target, let body, let conditions):
            let target = try target.resolved(id)
            return try interpretation.patch(of: type, target, json: body.resolved(id), conditions)
        case .delete(let type, let target, let conditions):
            return Interpretation.Interpreted(operation: .delete(type, try target.resolved(id), conditions))
        }
    }
}

extension ResourceID {
    /// The id that the text in its place stands for: itself, unless it is a reference.
    fileprivate func resolved(_ id: (BulkID) throws(SCIMError) -> ResourceID) throws(SCIMError) -> ResourceID
    {
        guard let name = BulkID(reference: text) else { return self }
        return try id(name)
    }
}

extension BulkOperation.Action {
    /// The method of the single request.
    fileprivate var method: HTTPRequest.Method {
        switch self {
        case .create: .post
        case .replace: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

extension SCIMError {
    /// 400 for a search, or a bulk, inside a bulk.
    fileprivate static let noResourceEndpoint = SCIMError.badRequest(
        .invalidSyntax,
        "A bulk operation goes to /Users or /Groups, or to one resource of them. Send other requests by themselves."
    )
}
