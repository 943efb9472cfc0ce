import SCIM

/// Reads a file of learners, CSV or JSON Lines, one by one.
package struct LearnerFile {
    private var source: Source
    private let byteCount: Int
    private var lines = 0

    /// How the file is written.
    package enum Form: String, Sendable, CaseIterable {
        /// A header and a row for each learner.
        case csv
        /// A JSON object on a line for each learner.
        case jsonl
    }

    private enum Source {
        case csv(CSVReader)
        case jsonl(LineReader)
    }

    /// One line of the file.
    package enum Entry: Sendable {
        /// A learner, not checked yet.
        case learner(LearnerLine)
        /// A line that is none.
        case refused(RefusedLine)
    }

    /// Begins to read.
    ///
    /// - Throws: ``CSVReader/Damage`` for a CSV whose header is wrong.
    package init(_ bytes: [UInt8], form: Form) throws(CSVReader.Damage) {
        byteCount = bytes.count
        switch form {
        case .csv: source = .csv(try CSVReader(bytes, columns: LearnerColumn.names))
        case .jsonl: source = .jsonl(LineReader(bytes))
        }
    }

    /// The next line; nil at the end.
    ///
    /// - Throws: ``CSVReader/Damage`` when what follows cannot be told apart any more, or is too much.
    package mutating func next() throws(CSVReader.Damage) -> Entry? {
        let entry: (line: Int, entry: Entry)?
        switch source {
        case .csv(var reader):
            defer { source = .csv(reader) }
            entry = try reader.next().map { row in
                (row.line, .learner(LearnerLine(number: row.line, json: LearnerColumn.json(of: row))))
            }
        case .jsonl(var reader):
            defer { source = .jsonl(reader) }
            entry = reader.next().map { ($0.number, Self.entry(of: $0)) }
        }
        lines += 1
        guard lines <= TransferLimits.learnerLines else {
            throw CSVReader.Damage(
                line: entry?.line ?? lines,
                reason: "the file has more than \(TransferLimits.learnerLines) lines; import it in parts"
            )
        }
        return entry?.entry
    }

    /// How much of the file was read, in bytes of how many.
    package var progress: (done: Int, total: Int) {
        switch source {
        case .csv(let reader): (reader.consumed, byteCount)
        case .jsonl(let reader): (reader.consumed, byteCount)
        }
    }

    private static func entry(of line: LineReader.Line) -> Entry {
        guard line.bytes.count <= TransferLimits.learnerLineBytes else {
            let reason = "the line has more than \(TransferLimits.learnerLineBytes) bytes"
            return .refused(RefusedLine(line: line.number, attribute: nil, reason: reason))
        }
        do throws(JSONError) {
            guard case .object(let json) = try JSONReader.read(Array(line.bytes)) else {
                let reason = "the line must be a JSON object that holds one learner"
                return .refused(RefusedLine(line: line.number, attribute: nil, reason: reason))
            }
            return .learner(LearnerLine(number: line.number, json: json))
        } catch {
            return .refused(
                RefusedLine(line: line.number, attribute: nil, reason: error.lineReason)
            )
        }
    }
}

extension JSONError {
    /// What is wrong with a line, and where in it.
    var lineReason: String { "the line is no JSON: at byte \(byteOffset), \(code.rawValue)" }
}

/// Splits bytes into their lines; blank ones are passed over.
package struct LineReader {
    private let bytes: [UInt8]
    private var number = 0
    /// How many bytes were read so far.
    package private(set) var consumed = 0

    /// One line without its end.
    package struct Line: Sendable {
        /// 1-based.
        package let number: Int
        /// Its bytes.
        package let bytes: ArraySlice<UInt8>
    }

    /// Begins at the first byte.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { consumed = 3 }
    }

    /// The next line; nil at the end.
    package mutating func next() -> Line? {
        while consumed < bytes.count {
            let rest = bytes[consumed...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            var line = rest[..<end]
            consumed = min(end + 1, bytes.count)
            number += 1
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return Line(number: number, bytes: line) }
        }
        return nil
    }
}
