import SCIM

/// The JSON reader: what it takes it can say again, and it takes nothing beyond its bounds.
enum JSONPromises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(input)
        } catch {
            try promise("an error points into the text", (0...input.count).contains(error.byteOffset))
            try promise("the error for the client is 400", error.asSCIMError.status == 400)
            return
        }
        try promise("nothing is nested deeper than the limit", value.depth <= JSONLimits.depth)
        try promise("no object has a name twice", value.hasUniqueNames)
        try promise("no string holds U+0000", !value.holdsNull)
        try promise("numbers are finite", value.hasFiniteNumbers)

        let printed = value.printed
        let again = try promised("what was read can be written and read again") {
            try JSONReader.read(printed)
        }
        try promise("what was written reads back the same", again == value)
        try promise("writing it again gives the same bytes", again.printed == printed)
        try promise("writing makes no text longer than its escapes", printed.count <= 6 * input.count)
    }
}

extension JSONValue {
    /// The value as our writer writes it.
    fileprivate var printed: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }

    /// The values directly in it.
    private var parts: [JSONValue] {
        switch self {
        case .array(let elements): elements
        case .object(let object): object.members.map(\.value)
        case .null, .boolean, .number, .string: []
        }
    }

    /// Containers inside one another.
    fileprivate var depth: Int {
        switch self {
        case .array, .object: 1 + (parts.map(\.depth).max() ?? 0)
        case .null, .boolean, .number, .string: 0
        }
    }

    fileprivate var hasUniqueNames: Bool {
        if case .object(let object) = self {
            // By bytes: to `String` canonical equivalents are the same name.
            guard Set(object.members.map { Array($0.name.utf8) }).count == object.members.count else {
                return false
            }
        }
        return parts.allSatisfy(\.hasUniqueNames)
    }

    fileprivate var holdsNull: Bool {
        switch self {
        case .string(let text): text.utf8.contains(0)
        case .object(let object): object.members.contains { $0.name.utf8.contains(0) || $0.value.holdsNull }
        default: parts.contains(where: \.holdsNull)
        }
    }

    fileprivate var hasFiniteNumbers: Bool {
        if case .number(let number) = self { return Double(number.text)?.isFinite ?? false }
        return parts.allSatisfy(\.hasFiniteNumbers)
    }
}
