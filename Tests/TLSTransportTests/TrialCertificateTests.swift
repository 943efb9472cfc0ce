import Foundation
import TLSTransport
import Testing

@Suite("A certificate that the machine makes for itself")
struct TrialCertificateTests {
    @Test(arguments: [TLSPolicy.commercial, .gccHigh])
    func `it is one that every policy takes, for its names and days`(policy: TLSPolicy) throws {
        let files = TestFiles.shared
        let now = try files.now
        let folder = NSTemporaryDirectory() + "trial-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // What cannot be removed is left to the system's own cleaning of temporary files.
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let trial = try TrialCertificate(
            names: ["DNS:localhost", "DNS:scim.example", "IP:127.0.0.1"],
            library: files.library,
            now: now,
            days: 30
        )

        try Data(trial.certificate).write(to: URL(filePath: folder + "/trial.pem"))
        try Data(trial.key).write(to: URL(filePath: folder + "/trial.key"))
        let context = try TLSServerContext(
            policy: policy,
            files: TLSFiles(certificate: folder + "/trial.pem", key: folder + "/trial.key"),
            library: files.library,
            tickets: nil,
            now: now
        )
        #expect(context.subjects == ["localhost", "scim.example"])
        #expect(context.notAfter == now + 30 * 86_400)
        #expect(context.isSelfIssued && context.chainLength == 1)
    }

    @Test func `names that are none make no certificate`() throws {
        let files = TestFiles.shared

        #expect(throws: TLSConfigurationError.self) {
            try TrialCertificate(names: ["localhost"], library: files.library, now: 0, days: 1)
        }
    }
}
