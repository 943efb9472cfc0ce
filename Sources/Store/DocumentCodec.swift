/// The one way of documents and look-up texts into a database and out of it.
///
/// It changes nothing today. Encryption of what is stored, with blind indexes for look-ups, goes here and nowhere else:
/// every blob and every look-up column of a store passes through it.
package struct DocumentCodec: Sendable {
    /// Stores everything as it is.
    package static let identity = DocumentCodec()

    private init() {}

    /// The bytes that are stored for a document.
    package func sealed(document: [UInt8]) -> [UInt8] { document }

    /// The document of stored bytes.
    package func opened(document: [UInt8]) -> [UInt8] { document }

    /// What is stored for a text that is shown again.
    package func sealed(text: String) -> String { text }

    /// The text that was stored.
    package func opened(text: String) -> String { text }

    /// What stands in a look-up column for a text: the same for the same bytes, or an index would not find it.
    package func lookUp(_ column: LookUpColumn, _ text: String) -> String { text }
}

/// The columns in which a store looks texts up.
///
/// `id` is not among them: it is random, and says nothing of a person.
package enum LookUpColumn: Sendable, CaseIterable {
    /// The folded `userName`.
    case userName
    /// A connection's `externalId`.
    case externalID
    /// The folded `employeeNumber`.
    case employeeNumber
    /// The folded `manager.value`.
    case managerValue
    /// The folded `displayName`.
    case displayName
    /// A folded e-mail address.
    case email
}
