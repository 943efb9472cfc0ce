package import Crypto
import HTTPTypes
import Synchronization

/// What a request is called in its reply, its log line and its activity: `X-Request-Id`.
package struct RequestID: Sendable {
    /// 24 hexadecimal digits.
    package let text: String

    /// The header field that carries it.
    static let fieldName: HTTPField.Name = {
        // A constant of ours that is a valid field name (RFC 9110 §5.1), so parsing it cannot fail.
        // swift-format-ignore: NeverForceUnwrap
        HTTPField.Name("X-Request-Id")!
    }()
}

/// Makes request ids: a random number drawn at start, then a count, so that no request pays for randomness.
package final class RequestIDs: Sendable {
    /// Distinguishes this run of the process: 8 hexadecimal digits.
    private let run: String
    private let count = Atomic<UInt64>(0)

    /// Draws the number of this run.
    package init(library: LibraryContext) {
        run = library.randomBytes(4).map { Self.hex(UInt64($0), digits: 2) }.joined()
    }

    /// The next id.
    package func next() -> RequestID {
        let number = count.add(1, ordering: .relaxed).newValue
        return RequestID(text: run + Self.hex(number, digits: 16))
    }

    private static func hex(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
