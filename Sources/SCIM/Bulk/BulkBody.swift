/// The `data` of a bulk operation: the body of a single request, in which references may stand for ids
/// (RFC 7644 §3.7.2).
///
/// ```
/// {"manager": {"value": "bulkId:boss"}}                                 a value
/// {"op": "remove", "path": "members[value eq \"bulkId:clerk\"]"}        text within the path of a PATCH
/// ```
/// A reference is a string value that is one from its first byte to its last; names of members are none.
package struct BulkBody: Sendable {
    /// The body.
    package let json: JSONValue
    /// Whether it is that of a PATCH, whose paths are looked into.
    private let isPatch: Bool

    /// A body of a POST or PUT, or of a PATCH.
    package init(_ json: JSONValue, isPatch: Bool = false) {
        self.json = json
        self.isPatch = isPatch
    }

    /// Whom it refers to: each once, in the order of their first appearance.
    package var references: [BulkID] {
        var found = Found()
        Self.collect(json, at: place, into: &found)
        return found.names
    }

    /// The body with an id in the place of each reference.
    ///
    /// - Throws: what `id` throws for a reference that stands for nothing.
    package func resolved(_ id: (BulkID) throws(SCIMError) -> ResourceID) throws(SCIMError) -> JSONValue {
        try Self.resolved(json, at: place, id)
    }

    private var place: Place { isPatch ? .patch : .value }

    /// Where in a body a value stands.
    private enum Place {
        case value, patch, operations, path

        func member(_ name: String) -> Place {
            switch self {
            case .patch: TextOrder.isSameName(name, "Operations") ? .operations : .value
            case .operations: TextOrder.isSameName(name, "path") ? .path : .value
            case .value, .path: .value
            }
        }
    }

    /// Names that were met.
    private struct Found {
        private(set) var names: [BulkID] = []
        private var known: Set<BulkID> = []

        mutating func add(_ name: BulkID) {
            if known.insert(name).inserted { names.append(name) }
        }
    }
}

// MARK: - Walking a body: no deeper than ``JSONLimits/depth``

extension BulkBody {
    private static func collect(_ json: JSONValue, at place: Place, into found: inout Found) {
        switch json {
        case .null, .boolean, .number:
            break
        case .string(let text) where place == .path:
            for reference in pathReferences(in: text) { found.add(reference.name) }
        case .string(let text):
            if let name = BulkID(reference: text) { found.add(name) }
        case .array(let elements):
            for element in elements { collect(element, at: place, into: &found) }
        case .object(let object):
            for member in object.members {
                collect(member.value, at: place.member(member.name), into: &found)
            }
        }
    }

    private static func resolved(
        _ json: JSONValue,
        at place: Place,
        _ id: (BulkID) throws(SCIMError) -> ResourceID
    ) throws(SCIMError) -> JSONValue {
        switch json {
        case .null, .boolean, .number:
            return json
        case .string(let text) where place == .path:
            return .string(try resolved(path: text, id))
        case .string(let text):
            guard let name = BulkID(reference: text) else { return json }
            return .string(try id(name).text)
        case .array(let elements):
            var results: [JSONValue] = []
            results.reserveCapacity(elements.count)
            for element in elements { results.append(try resolved(element, at: place, id)) }
            return .array(results)
        case .object(let object):
            var members: [JSONObject.Member] = []
            members.reserveCapacity(object.members.count)
            for member in object.members {
                let value = try resolved(member.value, at: place.member(member.name), id)
                members.append(JSONObject.Member(name: member.name, value: value))
            }
            return .object(JSONObject(members))
        }
    }
}

// MARK: - The path of a PATCH

extension BulkBody {
    /// The path with an id, quoted, in the place of each text that refers to one.
    private static func resolved(
        path text: String,
        _ id: (BulkID) throws(SCIMError) -> ResourceID
    ) throws(SCIMError) -> String {
        let references = pathReferences(in: text)
        guard !references.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var json = JSONWriter(capacity: bytes.count + references.count * 36)
        var start = 0
        for reference in references {
            json.raw(bytes[start..<reference.range.lowerBound])
            var literal = JSONWriter()
            literal.string(try id(reference.name).text)
            json.raw(literal.bytes[...])
            start = reference.range.upperBound
        }
        json.raw(bytes[start...])
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The quoted texts of a path that are references, with where they stand.
    ///
    /// A path that breaks the grammar has none: as a path it will be refused for what is wrong with it.
    private static func pathReferences(in text: String) -> [(range: Range<Int>, name: BulkID)] {
        guard text.utf8.count <= FilterLimits.bytes else { return [] }
        var references: [(range: Range<Int>, name: BulkID)] = []
        var lexer = FilterLexer(text)
        do throws(FilterSyntaxError) {
            try lexer.advance()
            while lexer.token.kind != .end {
                if lexer.token.kind == .string, let name = reference(quoted: lexer.word) {
                    references.append((lexer.token.range, name))
                }
                try lexer.advance()
            }
        } catch {
            return []
        }
        return references
    }

    private static func reference(quoted bytes: ArraySlice<UInt8>) -> BulkID? {
        // Text with a bad escape refers to nothing: the path's own reader tells what is wrong with it.
        guard case .string(let text)? = try? JSONParser.parse(Array(bytes).span) else { return nil }
        return BulkID(reference: text)
    }
}
