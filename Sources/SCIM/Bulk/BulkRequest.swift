/// The body of a POST to `/Bulk` (RFC 7644 §3.7).
///
/// ```
/// {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 1, "Operations": [
///   {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"userName": "…"}},
///   {"method": "DELETE", "path": "/Users/b7c14771", "version": "W/\"2\""}]}
/// ```
package struct BulkRequest: Sendable {
    /// What to do, as listed; none does nothing.
    package let operations: [BulkOperation]
    /// After how many failures nothing more is done, 1 or more; nil goes on to the end.
    package let failOnErrors: Int?

    /// Reads a body.
    ///
    /// Names of members and methods are taken in any case, and `schemas` is not asked for, as in a PATCH. An
    /// operation that cannot be understood fails alone; only what leaves in doubt what the whole means is refused
    /// here, before anything is done. That includes a `bulkId` that two POSTs have: a reference to it could mean either.
    ///
    /// - Throws: 413 past ``BulkLimits/operations``, 400 `invalidSyntax` for a body of another shape, `invalidValue`
    ///   for a `bulkId` that is there twice.
    package static func reading(_ json: JSONValue) throws(SCIMError) -> BulkRequest {
        guard case .object(let body) = json, case .array(let items) = try body.member("Operations") else {
            throw .badRequest(
                .invalidSyntax,
                "The body of a bulk request is an object with a list named Operations."
            )
        }
        guard items.count <= BulkLimits.operations else { throw .tooManyBulkOperations }
        var operations: [BulkOperation] = []
        operations.reserveCapacity(items.count)
        var names: Set<BulkID> = []
        for (index, item) in items.enumerated() {
            guard case .object(let item) = item else {
                throw .badRequest(
                    .invalidSyntax,
                    "Operation \(index + 1) is not an object with method, path and data."
                )
            }
            let operation = BulkOperation.reading(item)
            if let name = operation.makes, !names.insert(name).inserted { throw .bulkIDIsThereTwice(name) }
            operations.append(operation)
        }
        return BulkRequest(operations: operations, failOnErrors: try failOnErrors(in: body))
    }

    /// A whole number from 1 on; null is none, and one beyond `Int` is as good as the largest.
    private static func failOnErrors(in body: JSONObject) throws(SCIMError) -> Int? {
        switch try body.member("failOnErrors") {
        case nil, .null:
            return nil
        case .number(let number) where number.text.utf8.allSatisfy(PathByte.isDigit):
            let count = Int(number.text) ?? Int.max
            if count >= 1 { return count }
        default:
            break
        }
        throw .badRequest(.invalidSyntax, "failOnErrors must be a whole number, 1 or more.")
    }
}

// MARK: - What the client is told

extension SCIMError {
    /// 413, naming the limit as RFC 7644 §3.7.4 demands.
    fileprivate static let tooManyBulkOperations = SCIMError(
        status: 413,
        kind: nil,
        detail:
            "One bulk request holds at most \(BulkLimits.operations) operations (maxOperations). Nothing was done. "
            + "Split it into several requests."
    )

    fileprivate static func bulkIDIsThereTwice(_ bulkID: BulkID) -> SCIMError {
        .badRequest(
            .invalidValue,
            "Two operations create a resource under the same bulkId\(AttributeNaming.quoted(bulkID.text)). Nothing was "
                + "done. Give each POST a bulkId of its own."
        )
    }
}
