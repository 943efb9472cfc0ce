import Configuration
import Foundation
import Testing

@testable import Tenancy

/// Each `Samples/tenants/NAME.yaml` and `Samples/gateway/NAME.yaml` is a bad file; `NAME.txt`
/// beside it is all that an operator is told.
///
/// A new case is two files.
@Suite("What is said about bad files")
struct FindingTextTests {
    @Test(arguments: try Given.sampleNames("tenants", ending: ".yaml"))
    func `a tenant file`(_ name: String) throws {
        let bytes = try Given.sampleBytes("tenants/\(name)")

        let checked = TenantFile.read(bytes, path: "tenants/contoso.yaml", now: Given.now)

        #expect(checked.value == nil)
        try Given.expect(checked.findings, toReadAs: "tenants/\(name)")
    }

    @Test(arguments: try Given.sampleNames("gateway", ending: ".yaml"))
    func `a settings file`(_ name: String) throws {
        let bytes = try Given.sampleBytes("gateway/\(name)")

        let checked = GatewaySettings.read(bytes, path: "gateway.yaml")

        #expect(checked.value == nil)
        try Given.expect(checked.findings, toReadAs: "gateway/\(name)")
    }

    @Test(arguments: ["tenants", "gateway"])
    func `no secret of any sample is told`(_ folder: String) throws {
        for name in try Given.sampleNames(folder, ending: ".yaml") {
            let bytes = try Given.sampleBytes("\(folder)/\(name)")
            let findings =
                folder == "tenants"
                ? TenantFile.read(bytes, path: "tenants/contoso.yaml", now: Given.now).findings
                : GatewaySettings.read(bytes, path: "gateway.yaml").findings
            let text = FindingReport.text(findings, fileCount: 1)

            #expect(!text.contains("8fJr") && !text.contains("hunter2") && !text.contains("BEGIN"), "\(name)")
        }
    }
}

extension Given {
    static func sampleBytes(_ path: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.resourceURL).appending(path: "Samples/\(path)")
        return Array(try Data(contentsOf: url))
    }

    /// Compares with the text beside the sample.
    ///
    /// With SAMPLES_DIR set, writes that text instead: to be read before it is kept.
    static func expect(_ findings: [Finding], toReadAs sample: String) throws {
        let text = FindingReport.arranged(findings).map(\.description).joined(separator: "\n\n") + "\n"
        let golden = sample.replacing(".yaml", with: ".txt")
        if let folder = ProcessInfo.processInfo.environment["SAMPLES_DIR"] {
            try text.write(toFile: "\(folder)/\(golden)", atomically: true, encoding: .utf8)
            return
        }
        #expect(text == (try Given.sample(golden)))
    }
}
