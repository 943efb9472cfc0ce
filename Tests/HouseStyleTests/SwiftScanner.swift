/// Splits source into code, comments and strings, byte by byte.
struct SwiftScanner {
    /// String literals, in the order of their beginnings.
    private(set) var literals: [SwiftText.Literal] = []
    private var ended: [SwiftText.Line] = []
    private var code: [UInt8] = []
    private var comment: [UInt8] = []
    private let bytes: [UInt8]
    private var position = 0

    /// Begins at the first byte.
    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    /// The lines read so far, the unfinished one too.
    var finished: [SwiftText.Line] { ended + [currentLine] }

    /// Reads code to the end, or to the parenthesis that closes an interpolation.
    mutating func scanCode(untilParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            if isAt(Self.slashes) {
                scanLineComment()
            } else if isAt(Self.blockStart) {
                scanBlockComment()
            } else if bytes[position] == UInt8(ascii: "`") {
                scanBacktickedName()
            } else if let hashes = stringStart() {
                scanString(hashes: hashes)
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
                if untilParenthesis, depth < 0 { return }
                take(bytes[position])
            }
        }
    }

    private func isAt(_ wanted: [UInt8]) -> Bool {
        guard position + wanted.count <= bytes.count, bytes[position] == wanted[0] else { return false }
        return wanted.indices.allSatisfy { bytes[position + $0] == wanted[$0] }
    }

    private var currentLine: SwiftText.Line {
        let text = String(decoding: code, as: UTF8.self)
        return SwiftText.Line(
            code: text,
            tokens: SwiftText.tokens(of: text),
            comment: String(decoding: comment, as: UTF8.self)
        )
    }

    /// Moves over one byte and keeps `byte` for it; a line break always ends the line.
    private mutating func take(_ byte: UInt8) {
        position += 1
        guard byte == Self.lineBreak else { return code.append(byte) }
        ended.append(currentLine)
        code = []
        comment = []
    }

    private mutating func takeBlank() {
        guard position < bytes.count else { return }
        take(bytes[position] == Self.lineBreak ? Self.lineBreak : UInt8(ascii: " "))
    }

    private mutating func takeComment() {
        guard bytes[position] != Self.lineBreak else { return take(Self.lineBreak) }
        comment.append(bytes[position])
        position += 1
    }

    private mutating func scanLineComment() {
        while position < bytes.count, bytes[position] != Self.lineBreak { takeComment() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            let change = isAt(Self.blockStart) ? 1 : isAt(Self.blockEnd) ? -1 : 0
            depth += change
            if change != 0 { takeComment() }
            takeComment()
        } while depth > 0 && position < bytes.count
    }

    private mutating func scanBacktickedName() {
        repeat {
            take(UInt8(ascii: "_"))
        } while position < bytes.count && bytes[position] != UInt8(ascii: "`")
        position += 1
    }

    /// The number of `#` before a quote when a string begins here.
    private func stringStart() -> Int? {
        var quote = position
        while quote < bytes.count, bytes[quote] == UInt8(ascii: "#") { quote += 1 }
        return quote < bytes.count && bytes[quote] == Self.quote ? quote - position : nil
    }

    private mutating func scanString(hashes: Int) {
        let index = literals.count
        literals.append(SwiftText.Literal(line: ended.count + 1))
        for _ in 0..<hashes { takeBlank() }
        let quotes = isAt([Self.quote, Self.quote, Self.quote]) ? 3 : 1
        for _ in 0..<quotes { take(Self.quote) }
        let marks = Array(repeating: UInt8(ascii: "#"), count: hashes)
        let end = Array(repeating: Self.quote, count: quotes) + marks
        let escape = [UInt8(ascii: "\\")] + marks
        var held: [UInt8] = []
        while position < bytes.count, !isAt(end) {
            if isAt(escape + [UInt8(ascii: "(")]) {
                literals[index].isInterpolated = true
                for _ in 0...escape.count { takeBlank() }
                scanCode(untilParenthesis: true)
                takeBlank()
            } else if isAt(escape) {
                for _ in 0...escape.count { takeBlank() }
            } else {
                held.append(bytes[position])
                takeBlank()
            }
        }
        literals[index].text = String(decoding: held, as: UTF8.self)
        for byte in end where position < bytes.count { take(byte) }
    }

    private static let lineBreak = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let slashes = Array("//".utf8)
    private static let blockStart = Array("/*".utf8)
    private static let blockEnd = Array("*/".utf8)
}
