/// The name of a member as it is written, quoted once and for all.
///
/// ```
/// "totalResults":
/// ```
/// To look for what must be escaped in a name, and to copy it as text, for each member of a log line and of an answer, took
/// 5,000 instructions of a GET's 184,000 more than to append these bytes. Members are written by it where every request comes
/// through.
package struct JSONName: Sendable {
    /// `totalResults`.
    package let text: String
    /// The name in quotes, escaped, with its colon.
    let bytes: [UInt8]

    /// The name of that text.
    package init(_ text: String) {
        var json = JSONWriter(capacity: text.utf8.count + 3)
        json.name(text)
        self.text = text
        bytes = json.bytes
    }
}

extension JSONWriter {
    /// The name of the next member, with its colon.
    package mutating func name(_ name: JSONName) {
        separate()
        bytes.append(contentsOf: name.bytes)
    }

    /// A member that is text: `"name":"text"`.
    package mutating func member(_ name: JSONName, _ text: String) {
        quote(text, behind: name.bytes)
    }

    /// A member that is a whole number: `"name":7`.
    package mutating func member(_ name: JSONName, _ value: Int) {
        self.name(name)
        integer(value)
    }
}
