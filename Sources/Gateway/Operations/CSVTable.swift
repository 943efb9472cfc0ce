/// A CSV file with a header (RFC 4180): quoted fields may hold commas, quotes and line breaks.
///
/// Knows each row's line, so that a refused row can be found in the file.
///
/// ```
/// userName,givenName,familyName
/// ada@example.com,Ada,"Lovelace, Countess"
/// ```
struct CSVTable {
    /// The rows after the header.
    let rows: [Row]

    /// One row: the wanted columns in the wanted order.
    struct Row: Sendable {
        /// 1-based line on which the row begins.
        let line: Int
        /// One value per wanted column; empty when the file lacks the column.
        let values: [String]
    }

    /// What is wrong with the file as a whole.
    struct Damage: Error, Equatable {
        /// 1-based.
        let line: Int
        /// Why, without values.
        let reason: String
    }

    /// Reads a file's text.
    ///
    /// The first wanted column must be there, further ones may be missing.
    init(_ text: String, columns: [String]) throws(Damage) {
        var records = try Self.records(of: text)
        guard !records.isEmpty else {
            throw Damage(line: 1, reason: "the file is empty; its first line names the columns")
        }
        let header = records.removeFirst().fields.map { $0.lowercased() }
        let positions = columns.map { header.firstIndex(of: $0.lowercased()) }
        guard positions.first.flatMap({ $0 }) != nil else {
            throw Damage(
                line: 1,
                reason: "the first line must name the columns: \(columns.joined(separator: ","))"
            )
        }
        if let unknown = header.firstIndex(where: { name in !columns.contains { $0.lowercased() == name } }) {
            throw Damage(
                line: 1,
                reason: "column \(unknown + 1) is not one of: \(columns.joined(separator: ","))"
            )
        }
        var rows: [Row] = []
        for record in records {
            guard record.fields.count == header.count else {
                throw Damage(
                    line: record.line,
                    reason: "\(record.fields.count) fields, but the header names \(header.count)"
                )
            }
            rows.append(Row(line: record.line, values: positions.map { $0.map { record.fields[$0] } ?? "" }))
        }
        self.rows = rows
    }

    private struct Record {
        let line: Int
        var fields: [String]
    }

    /// Splits the text into records; blank lines are passed over.
    private static func records(of text: String) throws(Damage) -> [Record] {
        var scanner = CSVScanner(Array(text.utf8))
        var records: [Record] = []
        while let (line, fields) = try scanner.nextRecord() {
            if fields.count > 1 || fields[0] != "" { records.append(Record(line: line, fields: fields)) }
        }
        return records
    }
}

/// Reads records byte by byte.
private struct CSVScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    mutating func nextRecord() throws(CSVTable.Damage) -> (line: Int, fields: [String])? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            fields.append(try nextField())
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        skipLineEnd()
        return (start, fields)
    }

    private mutating func nextField() throws(CSVTable.Damage) -> String {
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
                return String(decoding: field, as: UTF8.self)
            }
            field.append(byte)
            position += 1
        }
        throw CSVTable.Damage(line: start, reason: "a quoted field is not closed")
    }

    private func requireFieldEnd() throws(CSVTable.Damage) {
        let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        guard position < bytes.count, !ends.contains(bytes[position]) else { return }
        throw CSVTable.Damage(line: line, reason: "text stands behind a closing quote")
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count,
            ![UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(bytes[position])
        {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipLineEnd() {
        if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        line += 1
    }
}
