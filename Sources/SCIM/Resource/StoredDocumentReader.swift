/// Reads a document of ours straight into attribute values.
///
/// By way of a JSON tree, which is taken apart again, a learner of 1.1 KiB takes 55,000 instructions, a tenth of a durable
/// PATCH; this way it takes 20,000. It knows what ``ValidatedResource/document(id:version:created:lastModified:)`` writes
/// for texts, booleans, complex values of such and lists of these. For whatever else it meets it gives nothing, and
/// ``JSONReader`` and ``AttributeReading`` decide what that is: an attribute of another type, a name of another schema, or
/// a damaged file.
struct StoredDocumentReader {
    private var position = 0

    /// The document has something that is read by the rules of bodies.
    private struct Departure: Error {}

    /// The learner of a document; nil when it is to be read by way of the JSON tree.
    static func learner(_ document: [UInt8]) -> Resource? {
        var reader = StoredDocumentReader()
        do throws(Departure) {
            let learner = try reader.learner(document.span)
            JSONReader.countParse()
            return learner
        } catch {
            return nil
        }
    }

    private mutating func learner(_ bytes: Span<UInt8>) throws(Departure) -> Resource {
        try pass("{\"schemas\":[", bytes)
        try passString(bytes)
        while takes(",", bytes) { try passString(bytes) }
        try pass("],\"id\":", bytes)
        try passString(bytes)

        let names = Schema.user.names
        var core = Members(room: 10)
        var enterprise = ComplexValue()
        while true {
            guard takes(",", bytes) else { throw Departure() }
            let name = try self.name(bytes)
            if let place = names.place(of: bytes.extracting(name)) {
                let definition = names[place]
                try core.add(definition, at: place, try value(bytes, of: definition))
            } else if enterprise.isEmpty, Self.isExtension(bytes.extracting(name)) {
                enterprise = try complex(bytes, Schema.enterpriseUser.names)
            } else {
                try passMeta(bytes, name)
                return Resource(
                    type: .user,
                    attributes: ComplexValue(distinct: core.entries),
                    enterprise: enterprise
                )
            }
        }
    }

    private static func isExtension(_ name: Span<UInt8>) -> Bool {
        TextOrder.isSameName(name, SchemaURI.enterpriseUser.text.utf8.span)
    }

    /// `"meta":{…}}`, the end of every document, in which nothing is that a client may write.
    private mutating func passMeta(_ bytes: Span<UInt8>, _ name: Range<Int>) throws(Departure) {
        guard TextOrder.isSameName(bytes.extracting(name), "meta".utf8.span) else { throw Departure() }
        try pass("{\"resourceType\":", bytes)
        try passString(bytes)
        try pass(",\"created\":", bytes)
        try passString(bytes)
        try pass(",\"lastModified\":", bytes)
        try passString(bytes)
        // The quotes of an entity tag are escaped.
        try pass(",\"version\":\"W/\\\"", bytes)
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        try pass("\\\"\"}}", bytes)
        guard position == bytes.count else { throw Departure() }
    }
}

// MARK: - Values

extension StoredDocumentReader {
    /// The members of an object, in order, each of them once.
    private struct Members {
        private(set) var entries: [ComplexValue.Entry] = []
        /// A bit for each name, by its place among the names.
        private var seen: UInt64 = 0

        /// None yet, and room for so many: one by one, they would be moved each time that there is no more room.
        init(room: Int) {
            entries.reserveCapacity(room)
        }

        mutating func add(_ definition: AttributeDefinition, at place: Int, _ value: AttributeValue)
            throws(Departure)
        {
            let bit = UInt64(1) << UInt64(place)
            guard place < UInt64.bitWidth, seen & bit == 0 else { throw Departure() }
            seen |= bit
            entries.append(ComplexValue.Entry(name: definition.name, value: value))
        }
    }

    private mutating func value(_ bytes: Span<UInt8>, of definition: AttributeDefinition)
        throws(Departure) -> AttributeValue
    {
        guard case .readWrite = definition.mutability else { throw Departure() }
        guard definition.isMultiValued else { return try element(bytes, of: definition) }
        guard takes("[", bytes) else { throw Departure() }
        var values = [try element(bytes, of: definition)]
        while takes(",", bytes) { values.append(try element(bytes, of: definition)) }
        guard takes("]", bytes) else { throw Departure() }
        return .multiValued(values)
    }

    private mutating func element(_ bytes: Span<UInt8>, of definition: AttributeDefinition)
        throws(Departure) -> AttributeValue
    {
        switch definition.type {
        case .string, .reference, .binary, .dateTime: .simple(.string(try text(bytes)))
        case .boolean: .simple(.boolean(try boolean(bytes)))
        case .complex: .complex(try complex(bytes, definition.subNames))
        case .decimal, .integer: throw Departure()
        }
    }

    /// One member or more: an empty object is no value, and is not written.
    private mutating func complex(_ bytes: Span<UInt8>, _ names: AttributeNames)
        throws(Departure) -> ComplexValue
    {
        var members = Members(room: 4)
        guard takes("{", bytes) else { throw Departure() }
        repeat {
            guard let place = names.place(of: bytes.extracting(try name(bytes))) else { throw Departure() }
            let definition = names[place]
            try members.add(definition, at: place, try value(bytes, of: definition))
        } while takes(",", bytes)
        guard takes("}", bytes) else { throw Departure() }
        return ComplexValue(distinct: members.entries)
    }

    private mutating func boolean(_ bytes: Span<UInt8>) throws(Departure) -> Bool {
        if takes("t", bytes) {
            try pass("rue", bytes)
            return true
        }
        try pass("false", bytes)
        return false
    }

    /// A text, which has one character or more: an empty one is no value.
    private mutating func text(_ bytes: Span<UInt8>) throws(Departure) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw Departure() }
        do throws(JSONError) {
            let text = try JSONString.read(bytes, at: &position)
            guard !text.utf8.isEmpty else { throw JSONError(code: .empty, byteOffset: position) }
            return text
        } catch {
            throw Departure()
        }
    }
}

// MARK: - Bytes

extension StoredDocumentReader {
    /// A name with its colon; gives where it is.
    private mutating func name(_ bytes: Span<UInt8>) throws(Departure) -> Range<Int> {
        let start = position + 1
        try passString(bytes)
        let end = position - 1
        guard takes(":", bytes) else { throw Departure() }
        return start..<end
    }

    /// A string of printable ASCII without escapes, as our own names, URNs, ids and dates are.
    private mutating func passString(_ bytes: Span<UInt8>) throws(Departure) {
        guard takes("\"", bytes) else { throw Departure() }
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { throw Departure() }
        }
        throw Departure()
    }

    /// Exactly these bytes.
    private mutating func pass(_ expected: String, _ bytes: Span<UInt8>) throws(Departure) {
        let expected = expected.utf8.span
        guard bytes.count - position >= expected.count else { throw Departure() }
        for index in expected.indices where bytes[position + index] != expected[index] { throw Departure() }
        position += expected.count
    }

    /// Whether this byte comes next, and is passed.
    private mutating func takes(_ expected: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }
}
