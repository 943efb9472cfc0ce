/// The characteristics that a schema states of an attribute, each with the spelling of the wire
/// (RFC 7643 §2.2, §7).
package enum Characteristics {
    /// The data type of an attribute (RFC 7643 §2.3).
    package enum DataType: String, Sendable {
        /// Text.
        case string
        /// `true` or `false`.
        case boolean
        /// A number with a fraction.
        case decimal
        /// A whole number.
        case integer
        /// A moment, as RFC 3339 text.
        case dateTime
        /// Bytes, as base64 text.
        case binary
        /// A URI.
        case reference
        /// Sub-attributes.
        case complex
    }

    /// Who may write an attribute, and when (RFC 7643 §7).
    package enum Mutability: String, Sendable {
        /// Never by a client: what it sends is ignored.
        case readOnly
        /// At any time.
        case readWrite
        /// When the value is made; never changed afterwards.
        case immutable
        /// At any time, but never returned.
        case writeOnly
    }

    /// When an attribute is in an answer (RFC 7643 §7, RFC 7644 §3.9).
    package enum Returned: String, Sendable {
        /// In every answer, whatever was asked.
        case always
        /// In no answer.
        case never
        /// Unless excluded, or when others were asked for.
        case `default`
        /// Only when asked for by name.
        case request
    }

    /// Among which resources a value is unique (RFC 7643 §7).
    package enum Uniqueness: String, Sendable {
        /// Not unique.
        case none
        /// In the tenant: to a client, the tenant is the server.
        case server
        /// Everywhere.
        case global
    }
}
