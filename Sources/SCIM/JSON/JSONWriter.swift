/// Writes JSON as bytes, without white space.
///
/// It puts the commas; whoever calls it keeps the nesting right.
///
/// ```
/// json.beginObject(); json.member("id", "x"); json.name("meta"); …; json.endObject()
/// ```
package struct JSONWriter: Sendable {
    /// What is written so far.
    package var bytes: [UInt8] = []

    /// An empty text with room for so many bytes.
    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object: `{`.
    package mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
    }

    /// Closes it: `}`.
    package mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
    }

    /// Opens an array: `[`.
    package mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
    }

    /// Closes it: `]`.
    package mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
    }

    /// The name of the next member, with its colon.
    package mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A string, escaped where JSON demands it: quotes, backslashes, U+0000…U+001F.
    package mutating func string(_ text: String) {
        quote(text, behind: nil)
    }

    /// One string out of four, such as an address.
    package mutating func string(_ first: String, _ second: String, _ third: String, _ fourth: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(first)
        appendEscaped(second)
        appendEscaped(third)
        appendEscaped(fourth)
        bytes.append(UInt8(ascii: "\""))
    }

    /// `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        separate()
        raw(value ? "true" : "false")
    }

    /// A whole number.
    package mutating func integer(_ value: Int) {
        separate()
        // Digits as they come: a String of most numbers here would be one digit to three.
        guard value >= 0, value < 1_000 else { return raw(String(value)) }
        if value >= 100 { bytes.append(UInt8(ascii: "0") + UInt8(value / 100)) }
        if value >= 10 { bytes.append(UInt8(ascii: "0") + UInt8(value / 10 % 10)) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// A date as a string: RFC 3339, UTC.
    package mutating func timestamp(_ moment: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        moment.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A value that is JSON already, such as a rendered resource.
    package mutating func json(_ text: [UInt8]) {
        separate()
        raw(text[...])
    }

    /// These bytes as they are: no comma is put before them.
    package mutating func raw(_ text: String) {
        append(text.utf8.span)
    }

    /// These bytes as they are: no comma is put before them.
    package mutating func raw(_ text: ArraySlice<UInt8>) {
        bytes.append(contentsOf: text)
    }

    /// Any value.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null:
            separate()
            raw("null")
        case .boolean(let value): boolean(value)
        case .number(let number):
            separate()
            raw(number.text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    // MARK: - Members

    /// A member that is text: `"name":"text"`.
    package mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    /// A member that is a boolean: `"name":true`.
    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        boolean(value)
    }

    /// A member that is a whole number: `"name":7`.
    package mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    /// A member that is a list of texts: `"name":["text","text"]`.
    package mutating func member(_ name: String, strings: [String]) {
        self.name(name)
        beginArray()
        for text in strings { string(text) }
        endArray()
    }

    /// The comma before what comes next, unless it is the first of its container or the value of a
    /// name.
    ///
    /// The last byte tells: a string ends in a quote, so a bracket, colon or comma there is never a
    /// string's own.
    mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private var needsComma: Bool {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: ","): false
        default: true
        }
    }

    /// A text in quotes, behind a name that is written already as it must be.
    ///
    /// Comma, name, quotes and text are one piece as long as nothing must be escaped: to ask for room for each by itself
    /// was most of what a line of the log cost.
    mutating func quote(_ text: String, behind name: [UInt8]?) {
        let (source, comma) = (text.utf8.span, needsComma)
        guard !Self.mustEscape(source) else {
            separate()
            if let name { bytes.append(contentsOf: name) }
            bytes.append(UInt8(ascii: "\""))
            appendEscaped(text)
            return bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(addingCapacity: (name?.count ?? 0) + source.count + 3) { output in
            if comma { output.append(UInt8(ascii: ",")) }
            if let name {
                let name = name.span
                for index in name.indices { output.append(name[index]) }
            }
            output.append(UInt8(ascii: "\""))
            for index in source.indices { output.append(source[index]) }
            output.append(UInt8(ascii: "\""))
        }
    }

    /// Copies bytes from where they are: by way of the collection it took half as long again.
    private mutating func append(_ text: Span<UInt8>) {
        bytes.append(addingCapacity: text.count) { output in
            for index in text.indices { output.append(text[index]) }
        }
    }

    private mutating func appendEscaped(_ text: String) {
        let source = text.utf8.span
        guard Self.mustEscape(source) else { return append(source) }

        for index in source.indices {
            let byte = source[index]
            if Self.escapes(byte) > 0 { appendEscape(byte) } else { bytes.append(byte) }
        }
    }

    private static func mustEscape(_ text: Span<UInt8>) -> Bool {
        // To the end, whatever comes: so it becomes a look at many bytes at once.
        var found: UInt8 = 0
        for index in text.indices { found |= escapes(text[index]) }
        return found > 0
    }

    /// 1 for a byte that must be escaped, 0 for another.
    private static func escapes(_ byte: UInt8) -> UInt8 {
        (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case ..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Self.hexadecimalDigits[Int(byte >> 4)])
            bytes.append(Self.hexadecimalDigits[Int(byte & 0xF)])
        default: bytes.append(byte)
        }
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)
}
