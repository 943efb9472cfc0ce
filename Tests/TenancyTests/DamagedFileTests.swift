import Testing

@testable import Configuration
@testable import Tenancy

@Suite("Files that end too early, or are damaged")
struct DamagedFileTests {
    /// Less cannot hold the keys that must be there: `version: 1`, `tenant: a` and `profile: gcc`.
    private static let leastBytes = 34
    private static let damages = [
        UInt8(ascii: "\t"), UInt8(ascii: "{"), UInt8(ascii: ":"), UInt8(ascii: "\""), 0xFF,
    ]
    private static let sources = ["good/tenants/contoso.yaml", "good/gateway.yaml"]

    @Test(arguments: sources)
    func `a file cut at any byte is read to the end or refused in plain words`(_ sample: String) throws {
        let whole = try Given.sampleBytes(sample)

        for count in whole.indices {
            let findings = Self.findings(of: Array(whole[..<count]), sample)
            for finding in findings { Self.expectIsClear(finding, ofFirst: count) }
            let isRefused = findings.contains { $0.severity == .error }
            #expect(isRefused || count >= Self.leastBytes, "\(count) bytes cannot be a whole file")
        }
    }

    @Test(arguments: sources)
    func `whatever other byte stands there, every word that is told is clear`(_ sample: String) throws {
        let whole = try Given.sampleBytes(sample)

        for index in stride(from: 0, to: whole.count, by: 7) {
            var damaged = whole
            damaged[index] = Self.damages[index % Self.damages.count]
            for finding in Self.findings(of: damaged, sample) { Self.expectIsClear(finding, ofFirst: index) }
        }
    }

    private static func findings(of bytes: [UInt8], _ sample: String) -> [Finding] {
        sample.contains("tenants")
            ? TenantFile.read(bytes, path: "tenants/contoso.yaml", now: Given.now).findings
            : GatewaySettings.read(bytes, path: "gateway.yaml").findings
    }

    /// In our own words, with a place that the file has, and without what may be a secret.
    private static func expectIsClear(_ finding: Finding, ofFirst count: Int) {
        let text = finding.description
        #expect(!finding.message.isEmpty && !finding.message.hasSuffix("."), "\(count): \(text)")
        #expect(!text.contains("this is not YAML: "), "the parser's own words, at \(count): \(text)")
        #expect(finding.place.line >= 0 && finding.place.column >= 0)
        #expect(
            text.unicodeScalars.allSatisfy { $0 == "\n" || !SourceText.isControl($0) },
            "\(count): \(text)"
        )
    }
}
