import Testing

@testable import Configuration

@Suite("Findings, and words that were meant")
struct FindingTests {
    private static let known = [
        "version", "tenant", "display_name", "profile", "status", "overlap", "groups", "connections",
        "allow_from", "deleted_retention", "limits",
    ]

    @Test(
        arguments: [
            ("no token", "no token"), ("sgw_", "sgw_"), ("sgw_abc", "sgw_…"),
            ("x sgw_k7Qm2x4B_secret9 y", "x sgw_k7Qm2x4B_… y"), ("sgw_k7Qm2x4B", "sgw_…"),
            ("sgw_k7Qm2x4B_", "sgw_k7Qm2x4B_"), ("sgw_k7Qm2x4Bsecret", "sgw_…"),
            ("sgw_k7Qm2x4B_asgw_k7Qm2x4B_b", "sgw_k7Qm2x4B_…"),
        ])
    func `tokens are cut to their public id`(_ text: String, _ kept: String) {
        #expect(SecretText.removed(from: text) == kept)
        #expect(SecretText.covered(in: text).count == text.count)
        #expect(Finding(.error, text, at: FilePlace(file: "a"), fix: text).fix == kept)
    }

    @Test func `twenty findings of a file are told, and the others counted`() {
        func findings(_ count: Int) -> [Finding] {
            (1...count).reversed().map {
                Finding(
                    .warning,
                    "w",
                    at: FilePlace(file: "a", line: $0, column: 1, length: 1, sourceLine: nil)
                )
            }
        }

        #expect(FindingReport.arranged(findings(20)).map(\.place.line) == Array(1...20))
        let arranged = FindingReport.arranged(findings(32))
        #expect(arranged.last?.description == "a: warning: and 12 more")
        #expect(FindingReport.arranged(arranged) == arranged)
        #expect(FindingReport.text(arranged, fileCount: 1).hasSuffix("1 file, 0 errors, 32 warnings\n"))
    }

    @Test func `files come in the order of their names, and a file's findings in that of its lines`() {
        let places = [("b", 1), ("a", 9), ("a", 2)].map {
            FilePlace(file: $0.0, line: $0.1, column: 0, length: 0, sourceLine: nil)
        }

        let arranged = FindingReport.arranged(places.map { Finding(.error, "x", at: $0) })

        #expect(arranged.map(\.place.description) == ["a:2", "a:9", "b:1"])
    }

    @Test(
        arguments: [
            ("displayname", "display_name"), ("Display-Name", "display_name"), ("gruops", "groups"),
            ("tenat", "tenant"), ("statuss", "status"),
        ])
    func `a near word is the one that was meant`(_ written: String, _ meant: String) {
        #expect(Suggestion.nearest(to: written, among: Self.known) == meant)
    }

    @Test(arguments: ["colour", "x", "", String(repeating: "status", count: 20)])
    func `a far word is none of ours`(_ written: String) {
        #expect(Suggestion.nearest(to: written, among: Self.known) == nil)
    }

    @Test func `the report ends with its sums`() {
        let place = FilePlace(file: "a.yaml")
        let findings = [Finding(.error, "one", at: place), Finding(.warning, "two", at: place)]

        #expect(
            FindingReport.text(findings, fileCount: 2)
                == "a.yaml: error: one\n\na.yaml: warning: two\n\n2 files, 1 error, 1 warning\n"
        )
        #expect(FindingReport.text([], fileCount: 1) == "1 file, 0 errors, 0 warnings\n")
    }
}
