/// What a PATCH operation aims at (RFC 7644 §3.5.2, figure 7): `attrPath / valuePath [subAttr]`.
///
/// ```
/// name.familyName
/// addresses[type eq "work"]
/// emails[type eq "work"].value
/// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
/// ```
/// The last is not in the RFC's rule: the URN of a schema alone, with an object of its attributes
/// as the value.
package enum PatchPath: Sendable, Equatable, CustomStringConvertible {
    /// An attribute or sub-attribute.
    case attribute(AttributePath)
    /// Chosen values of a multi-valued attribute, or a sub-attribute of them.
    case values(ValuePath, subAttribute: AttributeName?)
    /// All attributes of a schema.
    case schema(SchemaURI)

    /// Reads a path, within the limits of a filter (``FilterLimits``).
    ///
    /// - Throws: 400 `invalidPath`, naming the character where it stops making sense. A flaw between
    ///   brackets is `invalidPath` too: to the client it is the path that is malformed (RFC 7644
    ///   §3.12, table 9).
    package static func parse(_ text: String) throws(SCIMError) -> PatchPath {
        if let name = name(text) { return name }
        return try parsed(text)
    }

    /// The path of a text that is a name and no more, as most paths of a PATCH are; nil for another.
    ///
    /// The parser says the same of it.
    private static func name(_ text: String) -> PatchPath? {
        let bytes = text.utf8.span
        guard (1...FilterLimits.bytes).contains(bytes.count), PathByte.isLetter(bytes[0]) else { return nil }
        for index in bytes.indices where !PathByte.isOfName(bytes[index]) { return nil }
        return .attribute(AttributePath(name: AttributeName(text)))
    }

    /// The path of any text.
    static func parsed(_ text: String) throws(SCIMError) -> PatchPath {
        do throws(FilterSyntaxError) {
            var parser = try FilterParser(text)
            let path = try parser.path()
            // By the grammar a schema's URN is an attribute of a shorter one. It is asked for behind the parser, so that
            // spaces around it make no other path of it.
            guard case .attribute(let attribute) = path, attribute.schema != nil,
                case let uri = SchemaURI(attribute.description), SchemaURI.resourceSchemas.contains(uri)
            else { return path }
            return .schema(uri)
        } catch {
            throw .badRequest(.invalidPath, "The path " + error.explanation)
        }
    }

    /// The path as text that reads back to the same path.
    package var description: String {
        switch self {
        case .attribute(let path): return path.description
        case .schema(let uri): return uri.text
        case .values(let values, let subAttribute):
            var printer = FilterPrinter()
            printer.print(values)
            return printer.text + (subAttribute.map { ".\($0)" } ?? "")
        }
    }
}
