import SCIM

@testable import Configuration
@testable import Tenancy

/// YAML files of operators: any bytes become a value or findings that people can read, and no finding shows a secret.
///
/// Each input is read as a tenant's file and as the gateway's settings. Where it holds ``SampleSecret/mark``, a token
/// takes the place of that.
enum TenantFilePromises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        guard let bytes = SampleSecret.puttingToken(into: input) else { return }
        let now = Timestamp(milliseconds: 1_795_435_200_000)
        let tenant = TenantFile.read(bytes, path: "tenants/contoso.yaml", now: now)
        try check(tenant.findings, isRefused: tenant.value == nil, bytes)
        let settings = GatewaySettings.read(bytes, path: "gateway.yaml")
        try check(settings.findings, isRefused: settings.value == nil, bytes)
    }

    private static func check(_ findings: [Finding], isRefused: Bool, _ bytes: [UInt8]) throws(BrokenPromise)
    {
        let hasError = findings.contains { $0.severity == .error }
        try promise("a file is refused for an error and nothing else", isRefused == hasError)

        // A text ends lines at more than line feeds, and none of its lines is shorter than a byte.
        let lines = 0...(bytes.count + 1)
        try promise("places are in the file", findings.allSatisfy { lines.contains($0.place.line) })
        let report = FindingReport.text(findings, fileCount: 1)
        try promise("a report tells of the files", report.hasSuffix("\n") && report.contains("1 file, "))
        try promise(
            "a report is short",
            report.utf8.count <= (ConfigurationLimits.findingsPerFile + 2) * 4_096
        )
        try promise("no finding shows a secret", !report.contains(SampleSecret.secret))
        try promise("no finding holds a control character", report.unicodeScalars.allSatisfy(isFine))
    }

    private static func isFine(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || !SourceText.isControl(scalar)
    }
}

/// A token in a file where it does not belong.
private enum SampleSecret {
    /// What an input writes for the token.
    static let mark = Array("@TOKEN@".utf8)
    /// The secret part, of no other use in any input.
    static let secret = "Qb7wNz4Lk9TfVx2RmHc8YsJ5GdPa3UeWq6ZoXi1BnCvKtEy"
    private static let token = Array("sgw_k7Qm2x4B_\(secret)00".utf8)

    /// The input with the token in it; nil when an input has come upon the secret by itself.
    static func puttingToken(into input: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = input[...]
        while let first = rest.first {
            let isMark = rest.starts(with: mark)
            bytes += isMark ? token : [first]
            rest = rest.dropFirst(isMark ? mark.count : 1)
        }
        return contains(Array(secret.utf8), input) ? nil : bytes
    }

    private static func contains(_ piece: [UInt8], _ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: piece) }
    }
}
