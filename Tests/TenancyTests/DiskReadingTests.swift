import Configuration
import Foundation
import Testing

@testable import Tenancy

@Suite("Reading from the disk")
struct DiskReadingTests {
    @Test func `the disk is read like the memory`() throws {
        let folder = NSTemporaryDirectory() + "tenancy-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/tenants",
            withIntermediateDirectories: true
        )
        // What cannot be removed is left to the system's own cleaning of temporary files.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Given.gatewayText.write(toFile: folder + "/gateway.yaml", atomically: false, encoding: .utf8)
        try Given.tenantText("a").write(
            toFile: folder + "/tenants/a.yaml",
            atomically: false,
            encoding: .utf8
        )

        let checked = GatewaySettings.read(path: folder + "/gateway.yaml", files: DiskFileReader())
        let settings = try #require(checked.value)
        let loaded = TenantDirectoryLoading.load(
            .init(settings: settings, now: Given.now),
            files: DiskFileReader()
        )

        #expect(loaded.directories.tenants.map(\.id.text) == ["a"])
        #expect(loaded.findings.isEmpty)
    }
}
