/// What a search asks for: the query of a GET, or the body of a POST to `.search` (RFC 7644 §3.4.2,
/// §3.4.3).
///
/// ```
/// {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"…",
/// "startIndex":1,"count":10,"attributes":["userName"],"sortBy":"name.familyName","sortOrder":"descending"}
/// ```
package struct SearchRequest: Sendable {
    /// The condition as text; nil matches all.
    package private(set) var filter: String?
    /// The first match to give, 1-based; below 1 was sent as 1.
    package private(set) var startIndex = 1
    /// How many to give, 0…``PageLimits/count``.
    package private(set) var count = PageLimits.defaultCount
    /// What of each resource to give.
    package private(set) var projection = Projection.all
    /// The attribute to sort by, as text.
    package private(set) var sortBy: String?
    /// Which way to sort.
    package private(set) var sortOrder = SortOrder.ascending
    /// Where the last page ended (RFC 9865 §2); empty asks for the first page.
    ///
    /// Nil pages by index.
    package private(set) var cursor: String?

    /// Which way to sort (RFC 7644 §3.4.2.3).
    package enum SortOrder: String, Sendable {
        /// Least first: the default.
        case ascending
        /// Greatest first.
        case descending
    }

    /// A search for everything, a page at a time.
    package init() {}

    /// Reads the parameters of a query.
    ///
    /// Unknown ones are ignored: identity providers add flags of their own.
    ///
    /// - Throws: 400 `invalidValue` for a number that is none, an unknown order, a parameter that is
    ///   there twice, or a `startIndex` beside a cursor; `invalidCount` for a count below 1 beside
    ///   a cursor.
    package static func reading(parameters: [(name: String, value: String)]) throws(SCIMError)
        -> SearchRequest
    {
        var fields = Fields()
        for (name, text) in parameters {
            guard let field = Field(name) else { continue }
            try fields.set(field, to: .string(text))
        }
        return try SearchRequest(fields)
    }

    /// Reads the body of a POST to `.search`.
    ///
    /// - Throws: 400 `invalidSyntax` for what is no object, else as ``reading(parameters:)``.
    package static func reading(_ json: JSONValue) throws(SCIMError) -> SearchRequest {
        guard case .object(let body) = json else {
            throw SCIMError.badRequest(
                .invalidSyntax,
                "The body must be a JSON object that holds one search request."
            )
        }
        var fields = Fields()
        for member in body.members {
            guard let field = Field(member.name) else { continue }
            try fields.set(field, to: member.value)
        }
        return try SearchRequest(fields)
    }

    private init(_ fields: Fields) throws(SCIMError) {
        filter = try fields.text(.filter)
        if let number = try fields.number(.startIndex) { startIndex = max(1, number) }
        if let number = try fields.number(.count) { count = min(max(0, number), PageLimits.count) }
        projection = Projection(
            attributes: try fields.names(.attributes),
            excluded: try fields.names(.excludedAttributes)
        )
        sortBy = try fields.text(.sortBy)
        if let order = try fields.text(.sortOrder) {
            // Both words are ASCII, and so is whatever lower-cases to one of them but for the Kelvin sign, which neither holds.
            guard let known = SortOrder(rawValue: order.lowercased()) else {
                throw SCIMError.badRequest(.invalidValue, "sortOrder must be ascending or descending.")
            }
            sortOrder = known
        }
        cursor = try fields.text(.cursor)
        if cursor != nil { try requireCursorSuits() }
    }

    /// Refuses what makes no sense in a walk by cursor.
    ///
    /// A count is positive there (RFC 9865 §2): a walk of empty pages would never end. By
    /// `startIndex` or `cursor` a client chooses the method (§2.3), and of both together the RFC
    /// says nothing. Index 1 says what an empty cursor says, and clients send it by habit: it
    /// passes. Any other would have to be ignored in silence.
    private func requireCursorSuits() throws(SCIMError) {
        guard count > 0 else {
            throw SCIMError.badRequest(
                .invalidCount,
                "With a cursor, count must be 1 or more. Leave it out for the default."
            )
        }
        guard startIndex == 1 else {
            throw SCIMError.badRequest(
                .invalidValue,
                "startIndex and cursor are two ways to page. Send one of them: an empty cursor asks for the first page."
            )
        }
    }
}

// MARK: - The fields of both forms

extension SearchRequest {
    /// The parameters of a search, in the RFC's spelling.
    private enum Field: String, CaseIterable {
        case filter, startIndex, count, attributes, excludedAttributes, sortBy, sortOrder, cursor

        /// The parameter of that name, whatever its case.
        init?(_ name: String) {
            guard
                let field = Self.allCases.first(where: { TextOrder.isSameName($0.rawValue, name) })
            else {
                return nil
            }
            self = field
        }
    }

    /// What was sent, by parameter.
    ///
    /// A query holds strings; a body holds what JSON has.
    private struct Fields {
        /// A list: few are sent at once, and a table would hash a name for each of the eight that are asked for.
        private var values: [(field: Field, sent: Sent)] = []

        private enum Sent {
            case text(String), number(JSONNumber), names([String])
        }

        private func sent(_ field: Field) -> Sent? {
            values.first { $0.field == field }?.sent
        }

        /// - Throws: `invalidValue` for a second value, or one of a wrong type. Null is no value.
        mutating func set(_ field: Field, to json: JSONValue) throws(SCIMError) {
            let sent: Sent
            switch json {
            case .null: return
            case .string(let text): sent = .text(text)
            case .number(let number): sent = .number(number)
            case .array(let elements): sent = .names(try Self.names(elements, field))
            case .boolean, .object: throw Self.refusal(field, "has a value of the wrong type")
            }
            guard self.sent(field) == nil else {
                throw Self.refusal(field, "is there twice. Send it once")
            }
            values.append((field, sent))
        }

        func text(_ field: Field) throws(SCIMError) -> String? {
            switch sent(field) {
            case nil: nil
            case .text(let text): text
            default: throw Self.refusal(field, "must be a string")
            }
        }

        /// A whole number.
        ///
        /// One beyond `Int` is as good as the largest.
        func number(_ field: Field) throws(SCIMError) -> Int? {
            let digits: String
            switch sent(field) {
            case nil: return nil
            case .text(let text): digits = text
            case .number(let number): digits = number.text
            default: throw Self.refusal(field, "must be a whole number")
            }
            if let number = Int(digits) { return number }
            let magnitude = digits.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            let isNumber = magnitude.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isNumber, !magnitude.isEmpty, digits.utf8.count - magnitude.count <= 1 else {
                throw Self.refusal(field, "must be a whole number")
            }
            return digits.utf8.first == UInt8(ascii: "-") ? Int.min : Int.max
        }

        /// Attribute names: a JSON array, or names with commas between them.
        func names(_ field: Field) throws(SCIMError) -> [String]? {
            switch sent(field) {
            case nil: nil
            case .text(let text): Projection.names(text)
            case .names(let names): names
            case .number: throw Self.refusal(field, "must be a list of attribute names")
            }
        }

        private static func names(_ elements: [JSONValue], _ field: Field) throws(SCIMError) -> [String] {
            var names: [String] = []
            for element in elements {
                guard case .string(let name) = element else {
                    throw refusal(field, "must be a list of attribute names")
                }
                names.append(name)
            }
            return names
        }

        private static func refusal(_ field: Field, _ complaint: String) -> SCIMError {
            .badRequest(.invalidValue, "The search parameter \(field.rawValue) \(complaint).")
        }
    }
}
