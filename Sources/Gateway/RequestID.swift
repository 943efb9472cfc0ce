package import Crypto
import HTTPTypes
import Synchronization

/// What a request is called in its reply, its log line and its activity: `X-Request-Id`.
package struct RequestID: Sendable {
    /// 24 hexadecimal digits.
    package let text: String

    /// The header field that carries it; nobody need remember it for the next answer.
    var field: HTTPField {
        var field = HTTPField(name: Self.fieldName, value: text)
        field.indexingStrategy = .avoid
        return field
    }

    /// The name of that field.
    static let fieldName: HTTPField.Name = {
        // A constant of ours that is a valid field name (RFC 9110 §5.1), so parsing it cannot fail.
        // swift-format-ignore: NeverForceUnwrap
        HTTPField.Name("X-Request-Id")!
    }()
}

/// Makes request ids: a random number drawn at start, then a count, so that no request pays for randomness.
package final class RequestIDs: Sendable {
    /// Distinguishes this run of the process: 8 hexadecimal digits.
    private let run: [UInt8]
    private let count = Atomic<UInt64>(0)

    /// Draws the number of this run.
    package init(library: LibraryContext) {
        run = library.randomBytes(4).flatMap { [Self.digit(UInt64($0) >> 4), Self.digit(UInt64($0))] }
    }

    /// The next id.
    package func next() -> RequestID {
        let number = count.add(1, ordering: .relaxed).newValue
        // Digit by digit: a String of the number and one of zeros before it cost 1 % of a GET.
        var text = run
        text.reserveCapacity(run.count + 16)
        for shift in stride(from: UInt64(60), through: 0, by: -4) { text.append(Self.digit(number >> shift)) }
        return RequestID(text: String(decoding: text, as: UTF8.self))
    }

    /// The digit of the lowest four bits.
    private static func digit(_ number: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: number & 0xF)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
