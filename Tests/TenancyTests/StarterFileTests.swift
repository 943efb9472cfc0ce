import Configuration
import Testing

@testable import Tenancy

@Suite("Starter files")
struct StarterFileTests {
    @Test func `the starter settings are sound, and name every key`() {
        let text = StarterFile.gateway.text

        let checked = GatewaySettings.read(Array(text.utf8), path: "gateway.yaml")

        #expect(checked.value != nil && checked.findings.isEmpty, "\(checked.findings)")
        for key in KnownKey.all where key.file == .gateway {
            #expect(text.contains("\(key.path.last ?? ""):") || key.path.contains("profiles"), "\(key.name)")
        }
    }

    @Test func `the starter tenant is sound, and names every key`() throws {
        let text = StarterFile.tenant("contoso").text

        let checked = TenantFile.read(Array(text.utf8), path: "tenants/contoso.yaml", now: Given.now)

        #expect(checked.value?.connections.count == 1 && checked.findings.isEmpty, "\(checked.findings)")
        for row in TenantKeys.rows { #expect(text.contains("\(row.name):"), "\(row.name)") }
    }
}
