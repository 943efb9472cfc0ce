/// The name of an attribute: keeps the written form, compares without regard to ASCII case (RFC
/// 7643 §2.1).
package struct AttributeName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name as written, such as `userName`.
    package let text: String

    /// Takes a name as written.
    package init(_ text: String) {
        self.text = text
    }

    /// Takes a name from our own source text.
    package init(stringLiteral text: String) {
        self.text = text
    }

    /// The written form.
    package var description: String { text }

    /// Same name, whatever the case of its letters.
    package static func == (left: AttributeName, right: AttributeName) -> Bool {
        TextOrder.isSameName(left.text, right.text)
    }

    /// Hashes the name in lower case.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(TextOrder.asciiLowercased(byte)) }
    }
}

/// A schema's URI, compared without regard to ASCII case (RFC 7643 §10).
package struct SchemaURI: Sendable, Hashable, CustomStringConvertible {
    /// The URI as written, such as `urn:ietf:params:scim:schemas:core:2.0:User`.
    package let text: String

    /// Takes a URI as written.
    package init(_ text: String) {
        self.text = text
    }

    /// The written form.
    package var description: String { text }

    /// Same URI, whatever the case of its letters.
    package static func == (left: SchemaURI, right: SchemaURI) -> Bool {
        TextOrder.isSameName(left.text, right.text)
    }

    /// Hashes the URI in lower case.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(TextOrder.asciiLowercased(byte)) }
    }
}

extension SchemaURI {
    /// The core User schema (RFC 7643 §4.1).
    package static let user = SchemaURI("urn:ietf:params:scim:schemas:core:2.0:User")
    /// The Enterprise User extension (RFC 7643 §4.3).
    package static let enterpriseUser = SchemaURI(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    )
    /// The Group schema (RFC 7643 §4.2).
    package static let group = SchemaURI("urn:ietf:params:scim:schemas:core:2.0:Group")
}
