import SCIM

/// All that was found in some files, in the order and length in which people read it.
package enum FindingReport {
    /// Sorted by file and place, and of every file the first ``ConfigurationLimits/findingsPerFile``, with
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
        let blocks = arranged(findings).map(\.description) + [sum(findings, fileCount: fileCount)]
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// The findings as GitHub's workflow commands, which it shows at the lines of a pull request,
    /// and how many there are.
    ///
    /// ```
    /// ::error file=tenants/contoso.yaml,line=3,col=1,endColumn=12::unknown key 'displayname'%0Afix: …
    /// ```
    ///
    /// Source: docs.github.com, "Workflow commands for GitHub Actions", 2026-11; escapes as
    /// `@actions/core` writes them.
    package static func github(_ findings: [Finding], fileCount: Int) -> String {
        let lines = arranged(findings).map { finding in
            let place = finding.place
            var properties = ["file=\(escaped(place.file, isProperty: true))"]
            if place.line > 0 { properties.append("line=\(place.line)") }
            if place.column > 0 {
                properties += ["col=\(place.column)", "endColumn=\(place.column + place.length)"]
            }
            let text = finding.message + (finding.fix.map { "\nfix: \($0)" } ?? "")
            return "::\(finding.severity.rawValue) \(properties.joined(separator: ","))::"
                + escaped(text, isProperty: false)
        }
        return (lines + [sum(findings, fileCount: fileCount)]).joined(separator: "\n") + "\n"
    }

    /// `2 files, 8 errors, 2 warnings`.
    private static func sum(_ findings: [Finding], fileCount: Int) -> String {
        let sums = [
            CountText.words(fileCount, "file"),
            CountText.words(count(of: .error, in: findings), "error"),
            CountText.words(count(of: .warning, in: findings), "warning"),
        ]
        return sums.joined(separator: ", ")
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func shortened(_ findings: [Finding], of file: String) -> [Finding] {
        let told = findings.filter { $0.counted == nil }
        let sorted = told.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            return (one.line, one.column, left.offset) < (other.line, other.column, right.offset)
        }
        let ordered = sorted.map(\.element)
        let rest =
            ordered.dropFirst(ConfigurationLimits.findingsPerFile) + findings.filter { $0.counted != nil }
        guard !rest.isEmpty else { return ordered }
        let counted = Finding.Counted(
            errors: count(of: .error, in: rest),
            warnings: count(of: .warning, in: rest)
        )
        return ordered.prefix(ConfigurationLimits.findingsPerFile) + [Finding(counting: counted, in: file)]
    }

    /// How many findings are of a severity, those that are only counted included.
    package static func count(of severity: Finding.Severity, in findings: some Collection<Finding>) -> Int {
        findings.reduce(0) { sum, finding in
            guard let counted = finding.counted else { return sum + (finding.severity == severity ? 1 : 0) }
            return sum + (severity == .error ? counted.errors : counted.warnings)
        }
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
