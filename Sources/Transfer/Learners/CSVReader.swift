import SCIM

/// Reads a CSV file with a header (RFC 4180) row by row: quoted fields may hold commas, quotes and line breaks.
///
/// Knows each row's line, so that a refused row can be found in the file.
///
/// ```
/// userName,givenName,familyName
/// ada@example.com,Ada,"Lovelace, Countess"
/// ```
package struct CSVReader {
    private var scanner: CSVScanner
    private let positions: [Int?]
    private let width: Int

    /// One row: the wanted columns in the wanted order.
    package struct Row: Sendable {
        /// 1-based line on which the row begins.
        package let line: Int
        /// One value per wanted column; empty when the file lacks the column.
        package let values: [String]
    }

    /// What is wrong with the file as a whole.
    package struct Damage: Error, Equatable {
        /// 1-based.
        package let line: Int
        /// Why, without values.
        package let reason: String

        /// Damage at a line.
        package init(line: Int, reason: String) {
            self.line = line
            self.reason = reason
        }
    }

    /// Reads the header of a file.
    ///
    /// The first wanted column must be there, further ones may be missing; no other may be there.
    ///
    /// - Throws: ``Damage`` of the header.
    package init(_ bytes: [UInt8], columns: [String]) throws(Damage) {
        scanner = CSVScanner(bytes)
        guard let first = try scanner.nextRecord() else {
            throw Damage(line: 1, reason: "the file is empty; its first line names the columns")
        }
        let header = first.fields.map { $0.lowercased() }
        let names = columns.joined(separator: ",")
        positions = columns.map { header.firstIndex(of: $0.lowercased()) }
        width = header.count
        guard positions.first.flatMap({ $0 }) != nil else {
            throw Damage(line: first.line, reason: "the first line must name the columns: \(names)")
        }
        for (index, name) in header.enumerated() {
            guard columns.contains(where: { $0.lowercased() == name }) else {
                throw Damage(line: first.line, reason: "column \(index + 1) is not one of: \(names)")
            }
            guard header.firstIndex(of: name) == index else {
                throw Damage(line: first.line, reason: "column \(index + 1) is there twice")
            }
        }
    }

    /// The next row; nil at the end.
    ///
    /// Blank lines are passed over.
    ///
    /// - Throws: ``Damage``: where one row is damaged, it cannot be told where the next one begins.
    package mutating func next() throws(Damage) -> Row? {
        while let (line, fields) = try scanner.nextRecord() {
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count == width else {
                throw Damage(
                    line: line,
                    reason: "\(CountText.words(fields.count, "field")), but the header names \(width)"
                )
            }
            return Row(line: line, values: positions.map { $0.map { fields[$0] } ?? "" })
        }
        return nil
    }

    /// How many bytes were read so far.
    package var consumed: Int { scanner.position }
}

/// Reads records byte by byte.
private struct CSVScanner {
    private let bytes: [UInt8]
    private(set) var position: Int
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark, as spreadsheets write it.
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func nextRecord() throws(CSVReader.Damage) -> (line: Int, fields: [String])? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            let field = try nextField()
            guard field.count <= TransferLimits.fieldBytes else {
                throw CSVReader.Damage(
                    line: start,
                    reason: "field \(fields.count + 1) has more than \(TransferLimits.fieldBytes) bytes"
                )
            }
            guard let text = String(validating: field, as: UTF8.self) else {
                throw CSVReader.Damage(line: start, reason: "field \(fields.count + 1) is not UTF-8 text")
            }
            fields.append(text)
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        skipLineEnd()
        return (start, fields)
    }

    private mutating func nextField() throws(CSVReader.Damage) -> [UInt8] {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return plainField() }
        position += 1
        var field: [UInt8] = []
        let start = line
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "\"") else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                field.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                try requireFieldEnd()
                return field
            }
            field.append(byte)
            position += 1
        }
        throw CSVReader.Damage(line: start, reason: "a quoted field is not closed")
    }

    private func requireFieldEnd() throws(CSVReader.Damage) {
        guard position < bytes.count, !Self.isFieldEnd(bytes[position]) else { return }
        throw CSVReader.Damage(line: line, reason: "text stands behind a closing quote")
    }

    private mutating func plainField() -> [UInt8] {
        let start = position
        while position < bytes.count, !Self.isFieldEnd(bytes[position]) { position += 1 }
        return Array(bytes[start..<position])
    }

    private mutating func skipLineEnd() {
        if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        line += 1
    }

    private static func isFieldEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
