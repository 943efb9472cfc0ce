/// Which attribute is meant: `[URI:]name[.subAttribute]` (RFC 7644 §3.4.2.2, rule `attrPath`).
///
/// ```
/// name.givenName
/// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value
/// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.employeeNumber     clients of 2018
/// ```
/// A path is only read here; whether a schema knows the name is asked later.
package struct AttributePath: Sendable, Hashable, CustomStringConvertible {
    /// The URI before the name, when one was written.
    package let schema: SchemaURI?
    /// The attribute, as written.
    package let name: AttributeName
    /// The sub-attribute after the dot, as written.
    package let subAttribute: AttributeName?

    /// A path of these parts.
    ///
    /// The names must obey the grammar: ``parse(_:)`` sees to it.
    package init(schema: SchemaURI? = nil, name: AttributeName, subAttribute: AttributeName? = nil) {
        self.schema = schema
        self.name = name
        self.subAttribute = subAttribute
    }

    /// Reads a path; nil when it breaks the grammar.
    ///
    /// The URI ends at the last `:`, so the `2.0` inside it is not taken for a sub-attribute.
    package static func parse(_ text: some StringProtocol) -> AttributePath? {
        parse(Array(text.utf8)[...])
    }

    /// Reads a path out of UTF-8 bytes; nil when it breaks the grammar.
    package static func parse(_ bytes: ArraySlice<UInt8>) -> AttributePath? {
        guard let colon = bytes.lastIndex(of: PathByte.colon) else {
            return path(nil, segments(of: bytes)[...])
        }
        let uri = bytes[..<colon]
        let parts = segments(of: bytes[(colon + 1)...])
        guard isURI(uri) else { return nil }

        // `customappsso` jobs of Entra, and others from before 2018, write a dot where the RFC has a colon:
        // `…:2.0:User.employeeNumber`. No schema has an attribute `User`, so nothing else can be meant.
        let longerURI = SchemaURI(text(of: uri) + ":" + text(of: parts[0]))
        if parts.count > 1, SchemaURI.resourceSchemas.contains(longerURI) {
            return path(longerURI, parts.dropFirst())
        }
        return path(SchemaURI(text(of: uri)), parts[...])
    }

    /// The path as it would be written today: a colon after the URI, a dot before the sub-attribute.
    package var description: String {
        (schema.map { "\($0.text):" } ?? "") + name.text + (subAttribute.map { ".\($0.text)" } ?? "")
    }

    /// Whether the bytes are an attribute's name: a letter, then letters, digits, `-` and `_`.
    ///
    /// RFC 7643 §2.1 has no other names, and yet defines `$ref`: a leading `$` is taken as well.
    static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let letters = bytes.first == PathByte.dollar ? bytes.dropFirst() : bytes
        guard let first = letters.first, PathByte.isLetter(first) else { return false }
        return letters.allSatisfy(PathByte.isOfName)
    }

    /// One name, or two with a dot between them.
    private static func path(_ schema: SchemaURI?, _ segments: ArraySlice<ArraySlice<UInt8>>)
        -> AttributePath?
    {
        guard let name = segments.first, segments.count <= 2, segments.allSatisfy(isName) else { return nil }
        let subAttribute = segments.dropFirst().first.map { AttributeName(text(of: $0)) }
        return AttributePath(schema: schema, name: AttributeName(text(of: name)), subAttribute: subAttribute)
    }

    /// What stands between the dots: at least one piece, each of which may be empty.
    private static func segments(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.split(separator: PathByte.dot, omittingEmptySubsequences: false)
    }

    /// Whether it can be a URI: a scheme, a colon, and the characters that URNs of schemas are made of.
    private static func isURI(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, PathByte.isLetter(first), bytes.contains(PathByte.colon) else {
            return false
        }
        return bytes.allSatisfy(PathByte.isOfPath)
    }

    private static func text(of bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension SchemaURI {
    /// The schemas whose attributes a path can name.
    package static let resourceSchemas: Set<SchemaURI> = [.user, .enterpriseUser, .group]
}

/// The characters of paths, as UTF-8 bytes.
enum PathByte {
    static let dollar = UInt8(ascii: "$")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(TextOrder.asciiLowercased(byte))
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// RFC 7643 §2.1, rule `nameChar`.
    static func isOfName(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// What may stand anywhere in a path; of a URI's characters those that no other rule of a filter needs.
    static func isOfPath(_ byte: UInt8) -> Bool {
        switch byte {
        case dollar, dot, colon, UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "~"):
            true
        default: isOfName(byte)
        }
    }
}
