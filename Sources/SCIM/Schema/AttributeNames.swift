/// Finds an attribute by its name, whatever its case, among those of a schema or of a complex attribute.
///
/// A name's length and its first bytes are one number: names are told apart by numbers, and only the one that is found is
/// compared byte by byte. Every attribute of every body and document is found here.
struct AttributeNames: Sendable {
    /// One for each definition, at the same place.
    private let keys: [UInt64]
    private let definitions: [AttributeDefinition]

    /// Bytes of a name that are in its key, beside its length.
    private static let keyBytes = 7

    /// The names of these attributes, none of them twice.
    init(of definitions: [AttributeDefinition]) {
        self.definitions = definitions
        keys = definitions.map { Self.key(of: $0.name.text.utf8.span) }
    }

    /// The attribute of that name.
    func definition(_ name: AttributeName) -> AttributeDefinition? {
        place(of: name.text.utf8.span).map { definitions[$0] }
    }

    /// The attribute at that place.
    subscript(place: Int) -> AttributeDefinition { definitions[place] }

    /// The place of the attribute whose name has these bytes.
    func place(of name: Span<UInt8>) -> Int? {
        let key = Self.key(of: name)
        for place in keys.indices where keys[place] == key {
            let found = definitions[place].name.text.utf8.span
            if TextOrder.isSameName(found, name) { return place }
        }
        return nil
    }

    /// The same for the same name in any case; names that differ may have the same.
    private static func key(of name: Span<UInt8>) -> UInt64 {
        var key = UInt64(truncatingIfNeeded: name.count)
        for index in 0..<min(name.count, keyBytes) {
            key = key << 8 | UInt64(TextOrder.asciiLowercased(name[index]))
        }
        return key
    }
}
