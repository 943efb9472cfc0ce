/// Strings of a JSON text (RFC 8259 §7).
enum JSONString {
    /// The string whose opening quote is at `position`; leaves `position` behind the closing one.
    ///
    /// Most strings have no escape: their bytes are checked once and copied once.
    static func read(_ bytes: Span<UInt8>, at position: inout Int) throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try text(bytes, start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try readEscaped(bytes, from: start, at: &position)
            case ..<0x20:
                throw JSONError(code: .controlCharacter, byteOffset: position)
            default:
                position += 1
            }
        }
        throw JSONError(code: .unexpectedEnd, byteOffset: position)
    }

    /// These bytes as text, when they are UTF-8.
    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(JSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            throw JSONError(code: .invalidUTF8, byteOffset: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// The rest of a string in which the first escape has been met: what is unescaped is gathered
    /// first.
    private static func readEscaped(
        _ bytes: Span<UInt8>,
        from start: Int,
        at position: inout Int
    ) throws(JSONError) -> String {
        var gathered: [UInt8] = []
        for index in start..<position { gathered.append(bytes[index]) }
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return try checked(gathered, from: start)
            case UInt8(ascii: "\\"):
                try appendEscape(bytes, at: &position, to: &gathered)
            case ..<0x20:
                throw JSONError(code: .controlCharacter, byteOffset: position)
            default:
                gathered.append(bytes[position])
                position += 1
            }
        }
        throw JSONError(code: .unexpectedEnd, byteOffset: position)
    }

    private static func checked(_ gathered: [UInt8], from start: Int) throws(JSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: gathered.span))
        } catch {
            throw JSONError(code: .invalidUTF8, byteOffset: start)
        }
    }

    /// One escape; `position` is at its backslash.
    private static func appendEscape(
        _ bytes: Span<UInt8>,
        at position: inout Int,
        to gathered: inout [UInt8]
    ) throws(JSONError) {
        guard position + 1 < bytes.count else { throw JSONError(code: .unexpectedEnd, byteOffset: position) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): gathered.append(bytes[position + 1])
        case UInt8(ascii: "b"): gathered.append(0x08)
        case UInt8(ascii: "f"): gathered.append(0x0C)
        case UInt8(ascii: "n"): gathered.append(0x0A)
        case UInt8(ascii: "r"): gathered.append(0x0D)
        case UInt8(ascii: "t"): gathered.append(0x09)
        case UInt8(ascii: "u"):
            gathered.append(contentsOf: String(try character(bytes, at: &position)).utf8)
            return
        default: throw JSONError(code: .badEscape, byteOffset: position)
        }
        position += 2
    }

    /// The character of a `\uXXXX`, or of two that make a surrogate pair.
    private static func character(_ bytes: Span<UInt8>, at position: inout Int) throws(JSONError)
        -> Unicode.Scalar
    {
        let start = position
        let unit = try codeUnit(bytes, at: &position)
        guard unit != 0 else { throw JSONError(code: .nullCharacter, byteOffset: start) }
        if let scalar = Unicode.Scalar(unit) { return scalar }

        let isHigh = unit < 0xDC00
        guard isHigh, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(code: .loneSurrogate, byteOffset: start) }
        let low = try codeUnit(bytes, at: &position)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw JSONError(code: .loneSurrogate, byteOffset: start) }
        return scalar
    }

    /// The four hexadecimal digits behind `\u`.
    private static func codeUnit(_ bytes: Span<UInt8>, at position: inout Int) throws(JSONError) -> UInt16 {
        guard position + 6 <= bytes.count else { throw JSONError(code: .unexpectedEnd, byteOffset: position) }
        var unit: UInt16 = 0
        for index in (position + 2)..<(position + 6) {
            guard let digit = hexadecimalDigit(bytes[index]) else {
                throw JSONError(code: .badEscape, byteOffset: position)
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 6
        return unit
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch TextOrder.asciiLowercased(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): TextOrder.asciiLowercased(byte) - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
