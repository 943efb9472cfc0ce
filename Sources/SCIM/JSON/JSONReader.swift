internal import Synchronization

/// Reads JSON strictly (RFC 8259), byte by byte, with its bounds counted while it reads.
///
/// Strict, because what two readers understand differently is a way in: names that are there twice,
/// invalid UTF-8, text behind the value. Foundation's own two readers disagree on these.
package enum JSONReader {
    /// Counts parses within a task: proves that a read by id parses nothing.
    @TaskLocal package static var observer: ParseCounter?

    /// The one value of a text.
    ///
    /// - Throws: ``JSONError`` with what is wrong and where.
    package static func read(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        countParse()
        return try JSONParser.parse(bytes)
    }

    /// Counts a text that is read, whoever reads it.
    static func countParse() {
        observer?.add()
    }

    /// The one value of a text.
    package static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try read(bytes.span)
    }
}

/// How many texts were parsed.
package final class ParseCounter: Sendable {
    private let parses = Atomic<Int>(0)

    /// A counter at zero.
    package init() {}

    /// How many texts were parsed so far.
    package var count: Int { parses.load(ordering: .relaxed) }

    /// Counts one more.
    fileprivate func add() {
        parses.add(1, ordering: .relaxed)
    }
}
