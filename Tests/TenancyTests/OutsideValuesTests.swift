import CloudProfiles
import Configuration
import Testing

@testable import Tenancy

@Suite("Values that are elsewhere: ${env:…}, ${file:…} and SCIMGW_…")
struct OutsideValuesTests {
    private static func checked(
        _ more: String,
        environment: [String: String] = [:],
        files: [String: String] = [:]
    ) -> Checked<GatewaySettings> {
        var memory = MemoryFiles(texts: files)
        memory.texts["/etc/gw/gateway.yaml"] = Given.gatewayText + "\n" + more
        return GatewaySettings.read(path: "/etc/gw/gateway.yaml", files: memory, environment: environment)
    }

    @Test func `a value is that of the variable or the file, decoded as its key wants it`() throws {
        let checked = Self.checked(
            "limits: {burst: '${env:BURST}', body: '${file:body}', queue_time: '${file:/run/queue}'}",
            environment: ["BURST": "7"],
            files: ["/etc/gw/body": "512KiB\n", "/run/queue": "3s"]
        )

        let limits = try #require(checked.value, "\(checked.findings)").limits
        #expect(limits.tenant.burst == 7)
        #expect(limits.bodyBytes == 524_288)
        #expect(limits.tenant.queueTime == .seconds(3))
    }

    @Test(arguments: [("512KiB\n", true), ("512KiB\r\n", true), ("512KiB\n\n", false), (" 512KiB", false)])
    func `one line end after the value is not part of it`(_ text: String, _ isGood: Bool) {
        let checked = Self.checked("limits: {body: '${file:body}'}", files: ["/etc/gw/body": text])

        #expect((checked.value != nil) == isGood)
    }

    @Test(arguments: [(65_536, true), (65_537, false)])
    func `a file holds 64 KiB at most`(_ count: Int, _ isRead: Bool) {
        let text = String(repeating: "x", count: count)

        let checked = Self.checked("limits: {body: '${file:body}'}", files: ["/etc/gw/body": text])

        #expect(checked.findings.first?.message.contains("cannot be used here") == isRead)
    }

    @Test func `no message shows a value that is elsewhere`() {
        let checked = Self.checked(
            "limits: {burst: '${env:SECRET}', body: '${env:SECRET}', queue_time: '${file:secret}'}\n"
                + "log: {level: '${env:SECRET}', format: '${env:NO_SUCH}'}\n"
                + "tenants: {directory: '${file:bytes}'}",
            environment: ["SECRET": "hunter2"],
            files: ["/etc/gw/secret": "hunter2", "/etc/gw/bytes": "hunter2\u{0}"]
        )

        #expect(checked.findings.count == 6)
        #expect(!FindingReport.text(checked.findings, fileCount: 1).contains("hunter2"))
    }

    @Test func `an override goes before the file, and its place is the variable`() throws {
        let checked = Self.checked(
            "limits: {body: 1MB}",
            environment: [
                "SCIMGW_LIMITS__BODY": "512KiB", "SCIMGW_LOG__LEVEL": "debug",
                "SCIMGW_LISTENERS__1__HOSTS": "scim-gov.msp.example, localhost",
                "SCIMGW_PROFILES__GCC_HIGH__FIPS": "required", "OTHER_LIMITS__BODY": "x",
            ]
        )

        let settings = try #require(checked.value, "\(checked.findings)")
        #expect(settings.limits.bodyBytes == 524_288)
        #expect(settings.log.level == .debug)
        #expect(settings.listeners[0].hosts.isEmpty)
        #expect(settings.listeners[1].hostNames == ["scim-gov.msp.example", "localhost"])
        #expect(settings.fips(of: .gccHigh).demand == .required)
        let body = settings.listing.first { $0.key == "limits.body" }
        #expect(body?.origin == .environment("SCIMGW_LIMITS__BODY") && body?.shown == "512KiB")
    }

    @Test(
        arguments: [
            ("SCIMGW_LIMITS__BDOY", "1", "did you mean BODY?"),
            ("SCIMGW_LIMITS", "1", "name one key: see scim-gateway explain"),
            ("SCIMGW_LIMITS__BODY__X", "1", "see scim-gateway explain"),
            (
                "SCIMGW_LISTENERS__2__KEY", "x",
                "entries count from 0; write the entry in the file, and override its keys"
            ),
            (
                "SCIMGW_LISTENERS__ONE__KEY", "x",
                "entries count from 0; write the entry in the file, and override its keys"
            ),
            ("SCIMGW_LIMITS__BODY", "1MB", "did you mean 1MiB or 1000000B?"),
            ("SCIMGW_", "1", nil),
        ])
    func `an override that names no key or does not fit refuses the settings`(
        _ name: String,
        _ value: String,
        _ fix: String?
    ) {
        let checked = Self.checked("", environment: [name: value])

        #expect(checked.value == nil)
        #expect(checked.findings.map(\.place.description) == [name])
        if let fix { #expect(checked.findings.first?.fix == fix) }
    }

    @Test func `a tenant file whose value elsewhere has changed is read again`() throws {
        let settings = Self.checked("", environment: ["NAME": "One"])
        let text = Given.tenantText("a") + "display_name: '${env:NAME}'\n"
        var files = MemoryFiles(texts: ["/etc/gw/tenants/a.yaml": text])
        files.texts["/etc/gw/tenants/b.yaml"] = Given.tenantText("b") + "display_name: '${file:name}'\n"
        files.texts["/etc/gw/tenants/name"] = "One"
        var input = TenantDirectoryLoading.Input(settings: try #require(settings.value), now: Given.now)
        let first = TenantDirectoryLoading.load(input, files: files)
        #expect(first.directories.tenants.map(\.displayName) == ["One", "One"])

        input.previous = first.directories
        #expect(TenantDirectoryLoading.load(input, files: files).change.unchanged == 2)
        files.texts["/etc/gw/tenants/name"] = "Two"
        let second = TenantDirectoryLoading.load(input, files: files)

        #expect(second.change.changed.map(\.text) == ["b"])
        #expect(second.directories.tenants.map(\.displayName) == ["One", "Two"])
    }
}
