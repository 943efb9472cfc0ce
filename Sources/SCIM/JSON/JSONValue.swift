/// One JSON value as it stood in a body (RFC 8259).
///
/// Equality compares strings by their UTF-8 bytes: Swift's `==` on `String` would make canonical
/// equivalents the same value.
package enum JSONValue: Sendable {
    /// `null`: in SCIM the same as "no value" (RFC 7643 §2.5).
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, kept as the text that was sent.
    case number(JSONNumber)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, in the order of its names.
    case object(JSONObject)
}

/// A JSON number as written, known to be inside the range of a finite `Double`.
package struct JSONNumber: Sendable {
    /// The digits as they came, such as `1.50e3`.
    package let text: String

    /// Keeps a text that the reader has checked.
    package init(text: String) {
        self.text = text
    }
}

/// A JSON object: names in the order they came, none twice.
package struct JSONObject: Sendable {
    /// The members, in order.
    package private(set) var members: [Member] = []

    /// One name and its value.
    package struct Member: Sendable {
        /// The name as written.
        package let name: String
        /// Its value.
        package var value: JSONValue

        /// Pairs a name with its value.
        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An empty object.
    package init() {}

    /// An object of these members.
    ///
    /// Names must be unique: the reader sees to it.
    package init(_ members: [Member]) {
        self.members = members
    }

    /// Appends a member whose name is not there yet.
    package mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
    }

    /// The value of the member whose name has exactly these bytes.
    package subscript(name: String) -> JSONValue? {
        members.first { TextOrder.isSameBytes($0.name, name) }?.value
    }
}

extension JSONObject {
    /// The value of a member, whatever the case of its name: how messages are read.
    ///
    /// - Throws: 400 `invalidSyntax` when there are two, such as `op` and `Op`: either could be meant.
    func member(_ name: String) throws(SCIMError) -> JSONValue? {
        var found: Int?
        for place in members.indices where TextOrder.isSameName(members[place].name, name) {
            guard found == nil else {
                throw .badRequest(
                    .invalidSyntax,
                    "The body holds '\(name)' twice, in different case. Send it once."
                )
            }
            found = place
        }
        return found.map { members[$0].value }
    }
}

extension JSONValue: Equatable {
    /// Same kind, same bytes; objects compare in order.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.number(let a), .number(let b)): TextOrder.isSameBytes(a.text, b.text)
        case (.string(let a), .string(let b)): TextOrder.isSameBytes(a, b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.members.elementsEqual(b.members) {
                TextOrder.isSameBytes($0.name, $1.name) && $0.value == $1.value
            }
        default: false
        }
    }
}
