/// The body of a PATCH, its paths parsed, its values as they came (RFC 7644 §3.5.2).
///
/// ```
/// {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
///  "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
/// ```
package struct PatchRequest: Sendable, Equatable {
    /// What to do, in order.
    ///
    /// None changes nothing: Entra's validator sends such a body.
    package let operations: [PatchOperation]

    /// A request of these steps.
    package init(operations: [PatchOperation]) {
        self.operations = operations
    }

    /// Reads a body.
    ///
    /// Names of members and operations are taken in any case: Entra sends `Add` and `Replace`.
    ///
    /// `schemas` is not asked for. The RFC obliges clients to send it; a body without `Operations`
    /// is refused anyway, and one with them cannot be meant otherwise.
    ///
    /// - Throws: 400 `invalidSyntax` for a body of another shape and an unknown `op`, `invalidPath`
    ///   for a path that breaks the grammar, `noTarget` for `remove` without a path, `invalidValue`
    ///   for another `op` without a value, `tooMany` past ``PatchLimits/operations``.
    package static func reading(_ json: JSONValue) throws(SCIMError) -> PatchRequest {
        guard case .object(let body) = json, case .array(let items) = try body.member("Operations") else {
            throw .badRequest(
                .invalidSyntax,
                "The body of a PATCH is an object with a list named Operations."
            )
        }
        guard items.count <= PatchLimits.operations else {
            throw .badRequest(
                .tooMany,
                "One PATCH holds at most \(PatchLimits.operations) operations. Split it into several requests."
            )
        }
        var operations: [PatchOperation] = []
        operations.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            operations.append(try operation(item, number: index + 1))
        }
        return PatchRequest(operations: operations)
    }

    /// Reads one item of the list, the n-th counted from 1.
    private static func operation(_ json: JSONValue, number: Int) throws(SCIMError) -> PatchOperation {
        guard case .object(let item) = json else {
            throw .badRequest(.invalidSyntax, "Operation \(number) is not an object with op, path and value.")
        }
        guard case .string(let name) = try item.member("op"),
            let op = PatchOperation.Op.allCases.first(where: {
                TextOrder.isSameName($0.rawValue, name)
            })
        else {
            throw .badRequest(.invalidSyntax, "Operation \(number) needs an op: add, replace or remove.")
        }
        let path = try path(of: item, number: number)
        let value = try item.member("value")
        guard op != .remove || path != nil else {
            throw .badRequest(.noTarget, "Operation \(number) removes, and has no path that says what.")
        }
        guard op == .remove || value != nil else {
            throw .badRequest(
                .invalidValue,
                "Operation \(number) has no value. To take a value away, send op remove."
            )
        }
        return PatchOperation(op: op, path: path, value: value)
    }

    /// The path; null and empty text are none.
    private static func path(of item: JSONObject, number: Int) throws(SCIMError) -> PatchPath? {
        switch try item.member("path") {
        case nil, .null: return nil
        case .string(let text): return text.utf8.isEmpty ? nil : try PatchPath.parse(text)
        default: throw .badRequest(.invalidSyntax, "The path of operation \(number) is not text.")
        }
    }
}
