import Testing

@testable import SCIM

@Suite("JSON reader, RFC 8259")
struct JSONReaderTests {
    @Test(arguments: [
        ("null", JSONValue.null),
        (" \t\r\n true ", .boolean(true)),
        ("false", .boolean(false)),
        ("-0", .number(JSONNumber(text: "-0"))),
        ("1.50e+3", .number(JSONNumber(text: "1.50e+3"))),
        ("1e308", .number(JSONNumber(text: "1e308"))),
        ("1e-999", .number(JSONNumber(text: "1e-999"))),
        ("\"\"", .string("")),
        ("[]", .array([])),
        ("[1 , [ ] ]", .array([.number(JSONNumber(text: "1")), .array([])])),
        ("{}", .object(JSONObject())),
        ("{ \"a\" : null }", .object(JSONObject([.init(name: "a", value: .null)]))),
    ])
    func `a value of each kind is read`(text: String, value: JSONValue) throws {
        #expect(try json(text) == value)
    }

    @Test(arguments: [
        (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"),
        (#""\u00e9\u20AC""#, "é€"),
        (#""\ud83d\ude80""#, "🚀"),
        (#""\u0001""#, "\u{1}"),
        (#""é€🚀""#, "é€🚀"),
        (#""é\n€""#, "é\n€"),
        ("\"\u{7F}\u{80}\"", "\u{7F}\u{80}"),
    ])
    func `a string is unescaped`(source: String, string: String) throws {
        #expect(try json(source) == .string(string))
    }

    @Test(arguments: [
        ("", JSONError.Code.empty, 0),
        ("  ", .empty, 2),
        ("{", .unexpectedEnd, 1),
        ("[1", .unexpectedEnd, 2),
        ("\"a", .unexpectedEnd, 2),
        ("\"a\\", .unexpectedEnd, 2),
        ("\"\\u12", .unexpectedEnd, 1),
        ("tru", .unexpectedEnd, 3),
        ("trve", .unexpectedByte, 2),
        ("-", .unexpectedEnd, 1),
        ("{} {}", .trailingText, 3),
        ("1 2", .trailingText, 2),
        ("{\"a\":1,}", .unexpectedByte, 7),
        ("[1,]", .unexpectedByte, 3),
        ("[,1]", .unexpectedByte, 1),
        ("[1 2]", .unexpectedByte, 3),
        ("{'a':1}", .unexpectedByte, 1),
        ("{a:1}", .unexpectedByte, 1),
        ("{\"a\" 1}", .unexpectedByte, 5),
        ("{\"a\":}", .unexpectedByte, 5),
        ("NaN", .unexpectedByte, 0),
        ("Infinity", .unexpectedByte, 0),
        ("+1", .unexpectedByte, 0),
        (".5", .unexpectedByte, 0),
        ("01", .badNumber, 0),
        ("-01", .badNumber, 0),
        ("1.", .unexpectedEnd, 2),
        ("[1.]", .badNumber, 3),
        ("[1e]", .badNumber, 3),
        ("[-]", .badNumber, 2),
        ("0x10", .trailingText, 1),
        ("1e999", .numberOutOfRange, 0),
        ("[-1e999]", .numberOutOfRange, 1),
        ("\"a\u{1}\"", .controlCharacter, 2),
        ("\"\\n\n\"", .controlCharacter, 3),
        ("\"\\x\"", .badEscape, 1),
        ("\"\\u12g4\"", .badEscape, 1),
        ("\"\\u0000\"", .nullCharacter, 1),
        ("\"\\ud800\"", .loneSurrogate, 1),
        ("\"\\udc00\"", .loneSurrogate, 1),
        ("\"\\ud800\\u0041\"", .loneSurrogate, 1),
        ("\"\\ud800\\ud800\"", .loneSurrogate, 1),
        ("\"\\ud800x\"", .loneSurrogate, 1),
        ("// c\n1", .unexpectedByte, 0),
        ("\u{FEFF}{}", .byteOrderMark, 0),
        ("\u{A0}1", .unexpectedByte, 0),
    ])
    func `what RFC 8259 does not allow is refused where it stands`(
        source: String,
        code: JSONError.Code,
        byteOffset: Int
    ) throws {
        let error = #expect(throws: JSONError.self) { try json(source) }

        #expect(error?.code == code)
        #expect(error?.byteOffset == byteOffset)
        #expect(error?.asSCIMError == .badRequest(.invalidSyntax, ""))
    }

    @Test(
        arguments: [
            [0xFF, 0xFE], [0xC0, 0xAF], [0xC1, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xE0, 0x80, 0xAF],
            [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xC3],
            [0xE2, 0x82],
            [0xF0, 0x9F, 0x9A],
        ] as [[UInt8]]
    )
    func `a string that is not UTF-8 is refused, with an escape and without`(bytes: [UInt8]) throws {
        let quote = UInt8(ascii: "\"")
        for prefix in [[], Array("\\n".utf8)] {
            let error = #expect(throws: JSONError.self) {
                try JSONReader.read([quote] + prefix + bytes + [quote])
            }

            #expect(error?.code == .invalidUTF8)
        }
    }

    @Test func `an invalid byte outside a string is refused`() throws {
        #expect(throws: JSONError(code: .unexpectedByte, byteOffset: 1)) {
            try JSONReader.read([0x5B, 0xFF, 0x5D])
        }
    }

    // MARK: - Limits

    @Test(arguments: [("[", "1", "]"), ("{\"a\":", "1", "}"), ("[{\"a\":", "1", "}]"), ("[", "", "]")])
    func `containers may be 64 deep and not 65`(opening: String, core: String, closing: String) throws {
        let perLevel = opening.hasPrefix("[{") ? 2 : 1
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth / perLevel) + core
                + String(repeating: closing, count: depth / perLevel)
        }

        #expect(throws: Never.self) { try json(nested(JSONLimits.depth)) }
        #expect(throws: JSONError(code: .tooDeep, byteOffset: 0)) {
            try json("[" + nested(JSONLimits.depth) + "]")
        }
    }

    @Test func `depth counts what is open, not what was opened`() throws {
        let wide = "[" + Array(repeating: "[[]]", count: 1_000).joined(separator: ",") + "]"

        #expect(throws: Never.self) { try json(wide) }
    }

    @Test func `a hundred thousand open brackets end in a refusal, not in a crash`() throws {
        #expect(throws: JSONError(code: .tooDeep, byteOffset: 0)) {
            try JSONReader.read([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
        }
    }

    @Test func `a number of many digits is taken while a finite double holds it`() throws {
        let digits = String(repeating: "9", count: 308)

        #expect(throws: Never.self) { try json(digits) }
        #expect(throws: JSONError(code: .numberOutOfRange, byteOffset: 0)) { try json(digits + "0") }
    }

    // MARK: - Names

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":1}"#, #"{"a":{"b":1,"c":2,"b":3}}"#, #"{"":1,"":2}"#,
    ])
    func `a name that is there twice is refused`(source: String) throws {
        #expect(throws: JSONError(code: .duplicateName, byteOffset: 0)) { try json(source) }
    }

    @Test(arguments: [15, 16, 17, 18, 100])
    func `a duplicate is found however many names there are`(count: Int) throws {
        let names = (0..<count).map { "\"n\($0)\":\($0)" }.joined(separator: ",")

        #expect(throws: Never.self) { try json("{\(names)}") }
        #expect(throws: JSONError(code: .duplicateName, byteOffset: 0)) { try json("{\(names),\"n0\":0}") }
        #expect(throws: JSONError(code: .duplicateName, byteOffset: 0)) {
            try json("{\(names),\"n\(count - 1)\":0}")
        }
    }

    @Test(arguments: [0, 20])
    func `names that are only canonically equivalent are different names`(others: Int) throws {
        let padding = (0..<others).map { "\"n\($0)\":1," }.joined()

        #expect(throws: Never.self) { try json("{\(padding)\"\u{E9}\":1,\"e\u{301}\":2}") }
    }

    @Test func `an object of a hundred thousand names is read in one pass`() throws {
        let names = (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",")

        guard case .object(let object) = try json("{\(names)}") else { return #expect(Bool(false)) }
        #expect(object.members.count == 100_000)
    }

    // MARK: - Whole texts

    @Test(arguments: try Sample.names())
    func `a sample that is read and written is read the same`(name: String) throws {
        let value = try Sample.json(name)

        var writer = JSONWriter()
        writer.value(value)

        #expect(try JSONReader.read(writer.bytes) == value)
    }

    @Test(arguments: Sample.resources)
    func `a sample that is cut at any byte is refused`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))

        for length in 0...end {
            #expect(throws: JSONError.self) { try JSONReader.read(Array(bytes[..<length])) }
        }
    }

    @Test(arguments: [0x00, 0x22, 0x2C, 0x5B, 0x5C, 0x5D, 0x7B, 0x80, 0xC3, 0xFF] as [UInt8])
    func `a sample with any byte replaced is refused, or written and read the same`(byte: UInt8) throws {
        let bytes = try Sample.bytes("rfc7643-8.3-enterprise-user")
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] = byte
            // A refusal is one of the two good ends.
            guard let value = try? JSONReader.read(damaged) else { continue }
            var writer = JSONWriter()
            writer.value(value)
            #expect(try JSONReader.read(writer.bytes) == value)
        }
    }

    @Test func `parses are counted within the task that watches them`() throws {
        let counter = ParseCounter()

        try JSONReader.$observer.withValue(counter) {
            _ = try json("{}")
            _ = try? json("{")  // A text that is refused was parsed as well.
        }
        _ = try json("{}")

        #expect(counter.count == 2)
    }
}
