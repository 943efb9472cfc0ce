import SCIM

/// What an answer lacks of what is expected of it.
///
/// - An object must hold every expected member; it may hold others.
/// - `null` is expected of what must not be there: SCIM knows no difference (RFC 7643 §2.5).
/// - A list has as many elements as expected. `Resources` come in that order; the values of a multi-valued attribute
///   have none.
/// - Everything else is equal, byte by byte.
enum AnswerComparison {
    /// The differences, each with its place as a JSON pointer; none when the answer is as expected.
    static func differences(_ answer: JSONValue?, from expected: JSONValue, at place: String = "") -> [String]
    {
        switch (expected, answer) {
        case (.null, nil), (.null, .null): return []
        case (.null, .some): return ["\(place): is there"]
        case (_, nil): return ["\(place): is not there"]
        case (.object(let expected), .object(let answer)):
            return expected.members.flatMap { member in
                differences(answer[member.name], from: member.value, at: "\(place)/\(member.name)")
            }
        case (.array(let expected), .array(let answer)):
            guard expected.count == answer.count else {
                return ["\(place): has \(answer.count) elements and not \(expected.count)"]
            }
            return place.hasSuffix("/Resources")
                ? ordered(answer, from: expected, at: place) : unordered(answer, from: expected, at: place)
        case (let expected, let answer?):
            return expected == answer ? [] : ["\(place): is \(written(answer)) and not \(written(expected))"]
        }
    }

    private static func ordered(_ answer: [JSONValue], from expected: [JSONValue], at place: String)
        -> [String]
    {
        zip(answer, expected).enumerated().flatMap { index, pair in
            differences(pair.0, from: pair.1, at: "\(place)/\(index)")
        }
    }

    /// Each expected element takes the first that suits it and is not taken.
    private static func unordered(_ answer: [JSONValue], from expected: [JSONValue], at place: String)
        -> [String]
    {
        var left = answer
        return expected.enumerated().compactMap { index, element in
            guard let match = left.firstIndex(where: { differences($0, from: element).isEmpty }) else {
                return "\(place): none is like the expected element \(index)"
            }
            left.remove(at: match)
            return nil
        }
    }

    private static func written(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
