/// One operation of a bulk request (RFC 7644 §3.7).
///
/// ```
/// {"method": "PATCH", "path": "/Groups/acbf3ae7", "version": "W/\"3\"", "data": {"Operations": […]}}
/// ```
package struct BulkOperation: Sendable {
    /// The HTTP method that it stands for.
    package let method: Method
    /// What the client calls it; told back, and of use to others when it is a POST.
    package let bulkID: BulkID?
    /// What is asked, or why that is not understood: then this operation fails, and the others go on.
    package let call: Result<Call, SCIMError>

    /// The methods of bulk operations.
    package enum Method: Sendable, Equatable {
        /// Make a resource.
        case post
        /// Replace one.
        case put
        /// Change one.
        case patch
        /// Delete one.
        case delete
        /// None of these, as sent; nil when it was no text.
        case other(String?)
    }

    /// What is asked for, when it is understood.
    package struct Call: Sendable {
        /// The address below the base, such as `/Users` or `/Users/2819c223`.
        package let path: String
        /// What to do there.
        package let action: Action
        /// The version that must be current, as `If-Match` states it; nil asks nothing, and no version is the empty one.
        package let version: String?
    }

    /// A method with the body that it needs.
    package enum Action: Sendable {
        /// POST.
        case create(BulkBody)
        /// PUT.
        case replace(BulkBody)
        /// PATCH.
        case patch(BulkBody)
        /// DELETE: a body is passed over, as in a single request.
        case delete
    }

    /// The name by which others may refer to the resource that this operation makes; nil when it makes none.
    package var makes: BulkID? { method == .post ? bulkID : nil }

    /// Reads one item of `Operations`.
    static func reading(_ item: JSONObject) -> BulkOperation {
        var method = Method.other(nil)
        var bulkID: BulkID?
        do throws(SCIMError) {
            method = try Self.method(of: item)
            bulkID = try text("bulkId", of: item).flatMap { $0.utf8.isEmpty ? nil : BulkID($0) }
            let call = try call(of: item, method, hasBulkID: bulkID != nil)
            return BulkOperation(method: method, bulkID: bulkID, call: .success(call))
        } catch {
            return BulkOperation(method: method, bulkID: bulkID, call: .failure(error))
        }
    }

    private static func call(of item: JSONObject, _ method: Method, hasBulkID: Bool) throws(SCIMError) -> Call
    {
        let action = try action(method, of: item)
        guard let path = try text("path", of: item), !path.utf8.isEmpty else {
            throw .badRequest(.invalidSyntax, "A bulk operation needs a path, such as /Users.")
        }
        guard hasBulkID || method != .post else {
            throw .badRequest(
                .invalidSyntax,
                "A POST in a bulk request needs a bulkId, by which the answer tells what was created."
            )
        }
        return Call(path: path, action: action, version: try text("version", of: item))
    }

    private static func method(of item: JSONObject) throws(SCIMError) -> Method {
        guard case .string(let name)? = try item.member("method") else { return .other(nil) }
        let known: [Method] = [.post, .put, .patch, .delete]
        return known.first { $0.text.map { TextOrder.isSameName($0, name) } == true } ?? .other(name)
    }

    private static func action(_ method: Method, of item: JSONObject) throws(SCIMError) -> Action {
        let data = try item.member("data")
        switch (method, data) {
        case (.delete, _):
            return .delete
        case (.other, _):
            throw .badRequest(.invalidSyntax, "The method of a bulk operation is POST, PUT, PATCH or DELETE.")
        case (_, nil), (_, .null):
            throw .badRequest(
                .invalidSyntax,
                "A bulk operation that is no DELETE needs data: the body of the request."
            )
        case (.post, let data?):
            return .create(BulkBody(data))
        case (.put, let data?):
            return .replace(BulkBody(data))
        case (.patch, let data?):
            return .patch(BulkBody(data, isPatch: true))
        }
    }

    /// A member that is text; null is none.
    private static func text(_ name: String, of item: JSONObject) throws(SCIMError) -> String? {
        switch try item.member(name) {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .badRequest(.invalidSyntax, "The \(name) of a bulk operation is text.")
        }
    }
}

extension BulkOperation.Method {
    /// The method as the answer tells it: our four in capitals, another as it came.
    package var text: String? {
        switch self {
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .other(let text): text
        }
    }
}
