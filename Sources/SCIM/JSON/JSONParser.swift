/// The grammar of RFC 8259, a function per rule, after an idea as old as recursive descent: look at
/// one byte, decide.
///
/// A span cannot be stored, so each function is handed the bytes; the parser keeps only its place
/// in them.
struct JSONParser {
    private var position = 0
    private var depth = 0

    /// Members that an object has room for at first: most objects of SCIM have no more, and one by one it would be moved
    /// twice to get there.
    private static let usualMembers = 4

    /// The one value of a text.
    static func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser()
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw parser.error(.byteOrderMark)
        }
        parser.skipWhiteSpace(bytes)
        guard parser.position < bytes.count else { throw parser.error(.empty) }

        let value = try parser.value(bytes)
        parser.skipWhiteSpace(bytes)
        guard parser.position == bytes.count else { throw parser.error(.trailingText) }
        return value
    }

    // MARK: - Values

    private mutating func value(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        switch try next(bytes) {
        case UInt8(ascii: "{"): return .object(try object(bytes))
        case UInt8(ascii: "["): return .array(try array(bytes))
        case UInt8(ascii: "\""): return .string(try JSONString.read(bytes, at: &position))
        case UInt8(ascii: "t"): return try literal(bytes, "true", .boolean(true))
        case UInt8(ascii: "f"): return try literal(bytes, "false", .boolean(false))
        case UInt8(ascii: "n"): return try literal(bytes, "null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number(bytes))
        default: throw error(.unexpectedByte)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(JSONError) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        var names = JSONNames()
        skipWhiteSpace(bytes)
        if try next(bytes) == UInt8(ascii: "}") { return leave(with: JSONObject()) }
        members.reserveCapacity(Self.usualMembers)
        while true {
            let start = position
            guard try next(bytes) == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let name = try JSONString.read(bytes, at: &position)
            guard names.isNew(name, after: members) else {
                throw JSONError(code: .duplicateName, byteOffset: start)
            }
            skipWhiteSpace(bytes)
            guard try next(bytes) == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
            position += 1
            skipWhiteSpace(bytes)
            members.append(JSONObject.Member(name: name, value: try value(bytes)))
            if try isLast(bytes, closing: UInt8(ascii: "}")) { return leave(with: JSONObject(members)) }
        }
    }

    private mutating func array(_ bytes: Span<UInt8>) throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        skipWhiteSpace(bytes)
        if try next(bytes) == UInt8(ascii: "]") { return leave(with: []) }
        while true {
            elements.append(try value(bytes))
            if try isLast(bytes, closing: UInt8(ascii: "]")) { return leave(with: elements) }
        }
    }

    private mutating func literal(
        _ bytes: Span<UInt8>,
        _ word: String,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for byte in word.utf8 {
            guard try next(bytes) == byte else { throw error(.unexpectedByte) }
            position += 1
        }
        return value
    }

    // MARK: - Numbers

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        try digits(bytes)
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
            throw JSONError(code: .badNumber, byteOffset: start)
        }
        if peek(bytes) == UInt8(ascii: ".") {
            position += 1
            try digits(bytes)
        }
        var hasExponent = false
        if let byte = peek(bytes), TextOrder.asciiLowercased(byte) == UInt8(ascii: "e") {
            hasExponent = true
            position += 1
            if peek(bytes) == UInt8(ascii: "+") || peek(bytes) == UInt8(ascii: "-") { position += 1 }
            try digits(bytes)
        }
        return try inRange(bytes, start, hasExponent: hasExponent)
    }

    /// One digit or more.
    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while let byte = peek(bytes), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw error(position < bytes.count ? .badNumber : .unexpectedEnd) }
    }

    /// The text of a number, when a finite `Double` holds it.
    ///
    /// Up to 300 characters without an exponent always fit, and need no conversion.
    private func inRange(_ bytes: Span<UInt8>, _ start: Int, hasExponent: Bool) throws(JSONError)
        -> JSONNumber
    {
        let text = try JSONString.text(bytes, start..<position)
        if !hasExponent, text.utf8.count <= 300 { return JSONNumber(text: text) }
        guard let double = Double(text), double.isFinite else {
            throw JSONError(code: .numberOutOfRange, byteOffset: start)
        }
        return JSONNumber(text: text)
    }

    // MARK: - Steps

    /// Counts a container in, before anything is read of it.
    private mutating func enter() throws(JSONError) {
        guard depth < JSONLimits.depth else { throw error(.tooDeep) }
        depth += 1
        position += 1
    }

    private mutating func leave<Container>(with container: Container) -> Container {
        depth -= 1
        position += 1
        return container
    }

    /// After an element: whether the container closes.
    ///
    /// Its closing byte is left for ``leave(with:)``.
    private mutating func isLast(_ bytes: Span<UInt8>, closing: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace(bytes)
        let byte = try next(bytes)
        if byte == closing { return true }
        guard byte == UInt8(ascii: ",") else { throw error(.unexpectedByte) }
        position += 1
        skipWhiteSpace(bytes)
        return false
    }

    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func peek(_ bytes: Span<UInt8>) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func next(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[position]
    }

    private func error(_ code: JSONError.Code) -> JSONError {
        JSONError(code: code, byteOffset: position)
    }
}

/// The names of one object, to find one that is there twice.
///
/// A few names are compared one by one. Many go into a set, or an object of a hundred thousand
/// names would take as many comparisons squared. The set hashes bytes: `String` would take
/// canonical equivalents for the same name.
private struct JSONNames {
    private static let compared = 16
    private var seen: Set<Name> = []

    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool {
            TextOrder.isSameBytes(left.text, right.text)
        }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    mutating func isNew(_ name: String, after members: [JSONObject.Member]) -> Bool {
        if members.count < Self.compared { return !members.contains { TextOrder.isSameBytes($0.name, name) } }
        if seen.isEmpty { seen = Set(members.map { Name(text: $0.name) }) }
        return seen.insert(Name(text: name)).inserted
    }
}
