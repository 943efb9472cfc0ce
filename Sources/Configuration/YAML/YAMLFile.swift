internal import Yams

/// Reads a YAML file into nodes with places.
///
/// Whatever is wrong becomes a finding; nothing is thrown.
package struct YAMLFile {
    /// The text by lines; nil when the bytes are no text.
    let source: SourceText?
    /// The file's one document; nil when it cannot be read.
    package let root: YAMLNode?
    /// What is wrong with the file as YAML.
    package let findings: [Finding]

    /// Reads a file of at most ``ConfigurationLimits/fileBytes``.
    package static func read(_ bytes: [UInt8], path: String) -> YAMLFile {
        let whole = FilePlace(file: path)
        guard bytes.count <= ConfigurationLimits.fileBytes else {
            return refused(
                Finding(.error, "the file has more than \(ConfigurationLimits.fileBytes) bytes", at: whole)
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return refused(Finding(.error, "the file is not UTF-8", at: placeOfDamage(in: bytes, path: path)))
        }
        // A byte order mark is allowed at the start (YAML 1.1 §5.2) and would shift the first
        // line's columns.
        let source = SourceText(
            path: path,
            text: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        )
        if let finding = YAMLPrecheck.finding(in: source) { return refused(finding, source) }
        return parsed(source)
    }

    private static func parsed(_ source: SourceText) -> YAMLFile {
        var keys = DuplicateKeys(source: source)
        while true {
            do {
                // Never the default encoding: Yams reads that from an environment variable, and
                // prints it.
                // Nothing is typed by the look of its value: our tables say what a value is, and guessing by patterns
                // took a fifth of the time.
                let parser = try Parser(yaml: keys.text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    return refused(
                        Finding(.error, "the file is empty", at: FilePlace(file: source.path)),
                        source
                    )
                }
                var conversion = YAMLConversion(source: source, keys: keys)
                let node = conversion.node(root)
                // Nodes hold their anchors weakly: they are there only as long as the parser is.
                withExtendedLifetime(parser) {}
                return YAMLFile(source: source, root: node, findings: conversion.findings)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let mapping) {
                let mark = (line: mapping.mark.line, column: mapping.mark.column)
                guard keys.rename(duplicates.first ?? "", at: mark) else {
                    let place = source.place(line: mark.line, column: mark.column)
                    return refused(
                        Finding(.error, "a key of this mapping is given more than once", at: place),
                        source
                    )
                }
            } catch {
                return refused(YAMLProblem.finding(for: error, in: source), source)
            }
        }
    }

    private static func refused(_ finding: Finding, _ source: SourceText? = nil) -> YAMLFile {
        YAMLFile(source: source, root: nil, findings: [finding])
    }

    private static func placeOfDamage(in bytes: [UInt8], path: String) -> FilePlace {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        guard let index else { return FilePlace(file: path) }
        return FilePlace(file: path, line: index + 1, column: 0, length: 0, sourceLine: nil)
    }
}

/// Works around the parser's refusal of a whole file for one duplicated key, and its silence about
/// where that is.
///
/// The parser names the place of the first of two equal keys. That one is renamed in the text, in
/// as many characters that no key of ours has, and the text is parsed again; the second is found by
/// ``YAMLConversion``, at its own place.
struct DuplicateKeys {
    /// The text to parse.
    var text: String {
        if original.isEmpty, whole.hasPlainLineEnds { return whole.text }
        return lines.map { Self.string($0) }.joined(separator: "\n")
    }

    private let whole: SourceText
    private var lines: [[Unicode.Scalar]]
    private var original: [Mark: String] = [:]

    private struct Mark: Hashable {
        let line: Int
        let column: Int
    }

    init(source: SourceText) {
        whole = source
        lines = source.lines
    }

    /// The key that was written there; nil when it was not renamed.
    func key(line: Int, column: Int) -> String? {
        original[Mark(line: line, column: column)]
    }

    /// Renames the key that begins there; false when the text does not show it, or too many are
    /// renamed already.
    mutating func rename(_ key: String, at mark: (line: Int, column: Int)) -> Bool {
        let written = Array(key.unicodeScalars)
        guard original.count < ConfigurationLimits.duplicateKeys, !written.isEmpty,
            lines.indices.contains(mark.line - 1)
        else { return false }
        let line = lines[mark.line - 1]
        var start = mark.column - 1
        if start < line.count, line[start] == "\"" || line[start] == "'" { start += 1 }
        guard start + written.count <= line.count,
            line[start..<(start + written.count)].elementsEqual(written),
            // The private use area of the basic plane: 6,400 characters that YAML allows in plain
            // text.
            let name = Unicode.Scalar(0xE000 + UInt32(original.count))
        else { return false }
        lines[mark.line - 1].replaceSubrange(
            start..<(start + written.count),
            with: repeatElement(name, count: written.count)
        )
        original[Mark(line: mark.line, column: mark.column)] = key
        return true
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
