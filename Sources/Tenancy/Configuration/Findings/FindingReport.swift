/// All that was found in some files, in the order and length in which people read it.
package enum FindingReport {
    /// Sorted by file and place, and of every file the first ``TenancyLimits/findingsPerFile`` with
    /// a line that counts the others.
    ///
    /// What is arranged already stays as it is.
    package static func arranged(_ findings: [Finding]) -> [Finding] {
        let byFile = Dictionary(grouping: findings, by: \.place.file)
        let files = byFile.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return files.flatMap { shortened(byFile[$0] ?? [], of: $0) }
    }

    /// The text of a check: every finding, and how many there are.
    ///
    /// ```
    /// …
    /// 2 files, 8 errors, 2 warnings
    /// ```
    ///
    /// The count is of the files that were read.
    package static func text(_ findings: [Finding], fileCount: Int) -> String {
        let (errors, warnings) = (count(of: .error, in: findings), count(of: .warning, in: findings))
        let sum = [count(fileCount, "file"), count(errors, "error"), count(warnings, "warning")]
        let blocks = arranged(findings).map(\.description) + [sum.joined(separator: ", ")]
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static func shortened(_ findings: [Finding], of file: String) -> [Finding] {
        let told = findings.filter { $0.counted == nil }
        let sorted = told.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            return (one.line, one.column, left.offset) < (other.line, other.column, right.offset)
        }
        let ordered = sorted.map(\.element)
        let rest = ordered.dropFirst(TenancyLimits.findingsPerFile) + findings.filter { $0.counted != nil }
        guard !rest.isEmpty else { return ordered }
        let counted = Finding.Counted(
            errors: count(of: .error, in: rest),
            warnings: count(of: .warning, in: rest)
        )
        return ordered.prefix(TenancyLimits.findingsPerFile) + [Finding(counting: counted, in: file)]
    }

    private static func count(of severity: Finding.Severity, in findings: some Collection<Finding>) -> Int {
        findings.reduce(0) { sum, finding in
            guard let counted = finding.counted else { return sum + (finding.severity == severity ? 1 : 0) }
            return sum + (severity == .error ? counted.errors : counted.warnings)
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

/// What reading a file gave: a value that may be used, and what was found on the way.
package struct Checked<Value: Sendable>: Sendable {
    /// The value; nil when an error was found.
    package let value: Value?
    /// Errors and warnings, in the order of the file, all of them.
    package let findings: [Finding]

    /// The value, unless an error was found.
    package init(_ value: Value?, _ findings: [Finding]) {
        self.value = findings.contains { $0.severity == .error } ? nil : value
        self.findings = findings
    }
}
