package import Configuration
import Tenancy

/// Findings as JSON: of `config check -o json`, and of the admin socket.
package enum FindingMessages {
    /// What a check found.
    package struct Report: Codable, Sendable {
        /// How many files were read.
        package var files: Int
        /// How many errors were found.
        package var errors: Int
        /// How many warnings were found.
        package var warnings: Int
        /// Each of them, at most 20 of a file and a line that counts the others.
        package var findings: [Row]

        /// The message of a check.
        package init(_ report: ConfigurationCheck.Report) {
            files = report.fileCount
            errors = FindingReport.count(of: .error, in: report.findings)
            warnings = FindingReport.count(of: .warning, in: report.findings)
            findings = report.findings.map(Row.init)
        }
    }

    /// One finding.
    package struct Row: Codable, Sendable {
        /// The path as it was opened, or the environment variable.
        package var file: String
        /// 1-based; nil for the file as a whole.
        package var line: Int?
        /// 1-based, in Unicode scalars; nil for the line as a whole.
        package var column: Int?
        /// Columns from there that it is about.
        package var length: Int?
        /// `error` or `warning`.
        package var severity: String
        /// What is wrong.
        package var message: String
        /// What to do; nil when the message says it.
        package var fix: String?

        /// The message of a finding.
        package init(_ finding: Finding) {
            let place = finding.place
            file = place.file
            line = place.line > 0 ? place.line : nil
            column = place.column > 0 ? place.column : nil
            length = place.column > 0 ? place.length : nil
            severity = finding.severity.rawValue
            message = finding.message
            fix = finding.fix
        }
    }
}
