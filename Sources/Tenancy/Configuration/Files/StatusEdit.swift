internal import Configuration

/// A change of `status:` in a tenant's file that leaves every other byte as it is.
///
/// People keep comments, order and line ends in their files: nothing is written anew.
///
/// ```
/// -status: active   # since the pilot
/// +status: paused   # since the pilot
/// ```
package struct StatusEdit: Sendable, Equatable {
    /// The whole file as it is to be.
    package let text: String
    /// 1-based number of the line that is changed or added.
    package let line: Int
    /// The line before; nil when one is added.
    package let before: String?
    /// The line after.
    package let after: String

    /// Why a file cannot be edited.
    package struct Refusal: Error, Sendable, Equatable {
        /// What stands in the way, and what to do.
        package let sentence: String
    }

    /// The edit that makes a file say a status; nil when it says it already.
    ///
    /// - Throws: ``Refusal`` when the file cannot be read as YAML, or when the place is none that a line can be put at.
    package static func making(_ status: Tenant.Status, in bytes: [UInt8], path: String) throws(Refusal)
        -> StatusEdit?
    {
        guard let root = YAMLFile.read(bytes, path: path).root else {
            throw Refusal(sentence: "the file cannot be read; see: scim-gateway config check \(path)")
        }
        let lines = Lines(String(decoding: bytes, as: UTF8.self))
        let values = WrittenValue.listed(root, TenantKeys.rows, withDefaults: false)
        guard let written = values.first(where: { $0.key == "status" }) else {
            return try adding(status, lines, values)
        }
        guard written.shown != status.rawValue else { return nil }
        guard !written.shown.hasPrefix("${") else {
            throw Refusal(sentence: "its status is \(written.shown): change it there")
        }
        guard let place = written.place, place.line > 0, place.column > 0 else {
            throw Refusal(
                sentence: "where its status stands cannot be told; write status: \(status.rawValue) yourself"
            )
        }
        return replacing(place, by: status, lines)
    }

    private static func replacing(_ place: FilePlace, by status: Tenant.Status, _ lines: Lines) -> StatusEdit
    {
        let old = lines.content(place.line)
        var new = Array(old.unicodeScalars)
        let start = place.column - 1
        new.replaceSubrange(
            start..<min(start + place.length, new.count),
            with: Array(status.rawValue.unicodeScalars)
        )
        var after = String.UnicodeScalarView()
        after.append(contentsOf: new)
        return StatusEdit(
            text: lines.text(replacing: place.line, by: String(after)),
            line: place.line,
            before: old,
            after: String(after)
        )
    }

    /// A line of its own after the profile's.
    private static func adding(_ status: Tenant.Status, _ lines: Lines, _ values: [WrittenValue])
        throws(Refusal) -> StatusEdit?
    {
        // What is not written is the default.
        guard status != .active else { return nil }
        guard let place = values.first(where: { $0.key == "profile" })?.place, place.line > 0,
            let indent = lines.content(place.line).blockIndent(of: "profile:")
        else {
            throw Refusal(
                sentence: "it is not written line by line; write status: \(status.rawValue) into it yourself"
            )
        }
        let line = "\(indent)status: \(status.rawValue)"
        return StatusEdit(
            text: lines.text(adding: line, after: place.line),
            line: place.line + 1,
            before: nil,
            after: line
        )
    }
}

/// A text by lines that keep their ends, as YAML 1.1 §4.2 ends them.
private struct Lines {
    /// Each line with its end.
    private var lines: [String] = []

    init(_ text: String) {
        var line = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            line.append(scalar)
            let isPair = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            guard Self.ends.contains(scalar), !isPair else { continue }
            lines.append(String(line))
            line = .init()
        }
        lines.append(String(line))
    }

    /// A line without its end, and without a byte order mark.
    func content(_ number: Int) -> String {
        guard lines.indices.contains(number - 1) else { return "" }
        let scalars = lines[number - 1].unicodeScalars.drop { $0 == "\u{FEFF}" }
        return String(String.UnicodeScalarView(scalars.prefix { !Self.ends.contains($0) }))
    }

    func text(replacing number: Int, by content: String) -> String {
        var lines = lines
        let old = lines[number - 1].unicodeScalars
        let mark = old.first == "\u{FEFF}" ? "\u{FEFF}" : ""
        lines[number - 1] = mark + content + end(of: number)
        return lines.joined()
    }

    func text(adding content: String, after number: Int) -> String {
        var lines = lines
        let end = end(of: number)
        // The last line may have no end.
        if end.isEmpty { lines[number - 1] += "\n" }
        lines.insert(content + (end.isEmpty ? "" : end), at: number)
        return lines.joined()
    }

    private func end(of number: Int) -> String {
        String(String.UnicodeScalarView(lines[number - 1].unicodeScalars.drop { !Self.ends.contains($0) }))
    }

    private static let ends: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
}

extension String {
    /// The white space before a key that begins the line; nil when something else stands there.
    fileprivate func blockIndent(of key: String) -> Substring? {
        let indent = prefix { $0 == " " }
        return dropFirst(indent.count).hasPrefix(key) ? indent : nil
    }
}
