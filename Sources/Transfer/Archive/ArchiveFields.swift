import SCIM

/// Why an archive cannot be read: the line, and what is wrong, without its values.
package struct ArchiveDamage: Error, Sendable, Equatable {
    /// 1-based line in the file.
    package let line: Int
    /// What is wrong.
    package let reason: String

    /// Damage at a line.
    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    /// Same line: tests compare these, not prose.
    package static func == (left: ArchiveDamage, right: ArchiveDamage) -> Bool { left.line == right.line }
}

/// One line of an archive as JSON, whose members are asked for by name and kind.
struct ArchiveFields {
    let object: JSONObject
    private let line: Int

    /// Reads a line.
    init(_ bytes: [UInt8], line: Int) throws(ArchiveDamage) {
        guard bytes.count <= TransferLimits.archiveLineBytes else {
            let reason = "the line has more than \(TransferLimits.archiveLineBytes) bytes"
            throw ArchiveDamage(line: line, reason: reason)
        }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(bytes)
        } catch {
            throw ArchiveDamage(line: line, reason: error.lineReason)
        }
        guard case .object(let object) = json else {
            throw ArchiveDamage(line: line, reason: "the line must be a JSON object")
        }
        self.object = object
        self.line = line
    }

    private init(_ object: JSONObject, line: Int) {
        self.object = object
        self.line = line
    }

    /// Damage of this line.
    func damage(_ reason: String) -> ArchiveDamage { ArchiveDamage(line: line, reason: reason) }

    /// A member that is text; nil when it is missing or something else.
    func optionalText(_ name: String) -> String? {
        guard case .string(let text)? = object[name] else { return nil }
        return text
    }

    /// A member that must be text.
    func text(_ name: String) throws(ArchiveDamage) -> String {
        guard let text = optionalText(name) else { throw damage("'\(name)' must be text") }
        return text
    }

    /// A member that must be a moment (RFC 3339).
    func moment(_ name: String) throws(ArchiveDamage) -> Timestamp {
        guard let moment = Timestamp(rfc3339: try text(name)) else {
            throw damage("'\(name)' must be a moment")
        }
        return moment
    }

    /// A member that must be an object.
    func fields(_ name: String) throws(ArchiveDamage) -> ArchiveFields {
        guard case .object(let object)? = object[name] else { throw damage("'\(name)' must be an object") }
        return ArchiveFields(object, line: line)
    }

    /// A member that is a list of texts; none when it is missing.
    func texts(_ name: String) throws(ArchiveDamage) -> [String] {
        try elements(name).map { (element) throws(ArchiveDamage) in
            guard case .string(let text) = element else { throw damage("'\(name)' must be a list of texts") }
            return text
        }
    }

    /// A member that is a list of objects; none when it is missing.
    func objects(_ name: String) throws(ArchiveDamage) -> [ArchiveFields] {
        try elements(name).map { (element) throws(ArchiveDamage) in
            guard case .object(let object) = element else {
                throw damage("'\(name)' must be a list of objects")
            }
            return ArchiveFields(object, line: line)
        }
    }

    private func elements(_ name: String) throws(ArchiveDamage) -> [JSONValue] {
        switch object[name] {
        case nil: return []
        case .array(let elements)?: return elements
        default: throw damage("'\(name)' must be a list")
        }
    }
}
