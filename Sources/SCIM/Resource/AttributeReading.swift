/// Reads JSON into attribute values as a schema types them: the one set of rules for the bodies of
/// POST and PUT and for the values of a PATCH.
///
/// `null`, `""`, `[]` and `{}` are no value (RFC 7643 §2.5, and what Entra sends to clear an
/// attribute).
package struct AttributeReading: Sendable {
    /// The schemas that decide.
    package let schemas: SchemaSet
    /// Whether the JSON is a document of ours, taken as it was written.
    private let isStored: Bool
    /// What the body says of attributes that the service sets.
    var readOnly = ReadOnlyValues()
    /// What was left out.
    private var tally = NoteTally()

    /// Reads for one resource type and attribute set.
    ///
    /// What a store holds was checked when it came in. To check the form of its texts again would cost
    /// every search, and a rule that is new would make old documents unreadable.
    package init(_ schemas: SchemaSet, isStored: Bool = false) {
        self.schemas = schemas
        self.isStored = isStored
    }

    /// What was left out, each name once.
    package var notes: [Note] { tally.notes }

    /// How often something was left out.
    var mentions: Int { tally.mentions }

    /// The value of an attribute, or of its sub-attribute when the name had one; nil when there is
    /// none.
    ///
    /// A password is no value either: people sign in at the identity provider, so it is dropped,
    /// and noted.
    ///
    /// - Throws: 400 `invalidValue` for a value of another type than the schema's.
    package mutating func value(_ json: JSONValue, of found: SchemaSet.Found) throws(SCIMError)
        -> AttributeValue?
    {
        guard !json.isNoValue else { return nil }
        guard found.innermost.returned != .never else {
            note(.dropped, found.path)
            return nil
        }
        guard found.innermost.isMultiValued else { return try element(json, of: found) }

        guard case .array(let elements) = json else { throw found.refusal("must be a list") }
        var values: [AttributeValue] = []
        for element in elements {
            if let value = try self.element(element, of: found) { values.append(value) }
        }
        return values.isEmpty ? nil : .multiValued(values)
    }

    /// One value of a multi-valued attribute, or the value of a single-valued one; nil when there
    /// is none.
    ///
    /// - Throws: as ``value(_:of:)``.
    package mutating func element(_ json: JSONValue, of found: SchemaSet.Found) throws(SCIMError)
        -> AttributeValue?
    {
        guard !json.isNoValue else { return nil }
        guard found.innermost.type == .complex else { return .simple(try simple(json, of: found)) }
        return try complex(json, of: found).map(AttributeValue.complex)
    }

    /// Notes that something was left out.
    package mutating func note(_ kind: Note.Kind, _ name: String) {
        tally.note(kind, name)
    }
}

// MARK: - Complex values

extension AttributeReading {
    private mutating func complex(
        _ json: JSONValue,
        of found: SchemaSet.Found
    ) throws(SCIMError) -> ComplexValue? {
        guard case .object(let object) = json else { return try significantValue(json, of: found) }
        var result = ComplexValue()
        result.reserve(object.members.count)
        for member in object.members {
            guard let part = subAttribute(member, of: found), let value = try element(member.value, of: part)
            else {
                continue
            }
            let name = part.innermost.name
            guard result[name] == nil else { throw .namedTwice(part.path) }
            result[name] = value
        }
        return result.isEmpty ? nil : result
    }

    /// The sub-attribute to be written; nil, and noted, for what is not kept.
    private mutating func subAttribute(_ member: JSONObject.Member, of found: SchemaSet.Found) -> SchemaSet
        .Found?
    {
        guard let definition = found.definition.subAttribute(AttributeName(member.name)) else {
            if !member.value.isNoValue { note(.unknown, "\(found.path).\(member.name)") }
            return nil
        }
        let part = SchemaSet.Found(part: found.part, definition: found.definition, subDefinition: definition)
        guard definition.isHeld(by: schemas.set) else {
            if !member.value.isNoValue { note(.dropped, part.path) }
            return nil
        }
        return definition.mutability == .readOnly ? nil : part
    }

    /// What stands for a complex value without being one: the text alone (`"manager": "26118915"`,
    /// `"roles": ["admin"]`), and a list of one where there is one value.
    ///
    /// RFC 7643 §2.4 knows neither. Entra sends a manager in both shapes, and no other reading of
    /// them is possible.
    private mutating func significantValue(
        _ json: JSONValue,
        of found: SchemaSet.Found
    ) throws(SCIMError) -> ComplexValue? {
        guard let significant = found.definition.significantSubAttribute else {
            throw found.refusal("must be an object")
        }
        switch json {
        case .string:
            let part = SchemaSet.Found(
                part: found.part,
                definition: found.definition,
                subDefinition: significant
            )
            var result = ComplexValue()
            result[significant.name] = try element(json, of: part)
            return result
        case .array(let elements) where !found.definition.isMultiValued:
            let values = elements.filter { !$0.isNoValue }
            guard values.count == 1 else { throw found.refusal("must be one value, not several") }
            if case .array = values[0] { throw found.refusal("must be an object") }
            return try complex(values[0], of: found)
        default:
            throw found.refusal("must be an object")
        }
    }
}

// MARK: - Simple values

extension AttributeReading {
    private func simple(_ json: JSONValue, of found: SchemaSet.Found) throws(SCIMError) -> SimpleValue {
        switch (found.innermost.type, json) {
        case (.string, .string(let text)):
            return .string(text)
        case (.reference, .string(let text)), (.binary, .string(let text)), (.dateTime, .string(let text)):
            if !isStored, let demand = found.innermost.type.demand(on: text) { throw found.refusal(demand) }
            return .string(text)
        case (.boolean, .boolean(let value)):
            return .boolean(value)
        case (.boolean, .string(let text)):
            // Entra sends "True" and "False" where it should send booleans (entra: without aadOptscim062020).
            if TextOrder.isSameName(text, "true") { return .boolean(true) }
            if TextOrder.isSameName(text, "false") { return .boolean(false) }
            throw found.refusal("must be true or false")
        case (.decimal, .number(let number)):
            return .number(number)
        case (.integer, .number(let number)):
            guard number.isWhole else { throw found.refusal("must be a whole number") }
            return .number(number)
        default:
            throw found.refusal(found.innermost.type.demand)
        }
    }
}

extension Characteristics.DataType {
    /// What a text that cannot be a value of the type is told; nil when it can be one.
    fileprivate func demand(on text: String) -> String? {
        switch self {
        case .reference where !URIReference.isValid(text): "must be a URI, without white space"
        case .binary where !Base64Text.isValid(text): "must be base64 (RFC 4648 section 4), on one line"
        case .dateTime where Timestamp(rfc3339: text) == nil: "must be a date with a time zone (RFC 3339)"
        default: nil
        }
    }

    /// What a value of another type is told.
    fileprivate var demand: String {
        switch self {
        case .string, .binary, .reference, .dateTime: "must be a string"
        case .boolean: "must be true or false"
        case .decimal: "must be a number"
        case .integer: "must be a whole number"
        case .complex: "must be an object"
        }
    }
}

extension JSONNumber {
    /// Whether it is written without fraction and exponent.
    fileprivate var isWhole: Bool {
        text.utf8.allSatisfy {
            $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
    }
}

extension JSONValue {
    /// Whether it says nothing: `null`, `""`, `[]`, `{}`, and lists and objects of such only.
    package var isNoValue: Bool {
        switch self {
        case .null: true
        case .boolean, .number: false
        case .string(let text): text.utf8.isEmpty
        case .array(let elements): elements.allSatisfy(\.isNoValue)
        case .object(let object): object.members.allSatisfy(\.value.isNoValue)
        }
    }
}

extension SchemaSet.Found {
    /// The attribute as a path: `name.givenName`, with its URN when it is the extension's.
    package var path: String {
        let name = subDefinition.map { "\(definition.name).\($0.name)" } ?? definition.name.text
        return part == .core ? name : "\(SchemaURI.enterpriseUser):\(name)"
    }

    /// 400 `invalidValue` that names the attribute.
    fileprivate func refusal(_ demand: String) -> SCIMError {
        .badRequest(.invalidValue, "The value of \(path) \(demand). Correct the attribute mapping for it.")
    }
}

extension SCIMError {
    /// 400 for `userName` beside `USERNAME`: names differ by more than their case (RFC 7643 §2.1).
    static func namedTwice(_ path: String) -> SCIMError {
        .badRequest(.invalidSyntax, "The attribute \(path) is there twice. Send it once.")
    }
}
