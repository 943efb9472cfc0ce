import CloudProfiles
import Configuration
import Linux
import Testing

@testable import Tenancy

@Suite("gateway.yaml")
struct GatewaySettingsTests {
    @Test func `the example is read, with warnings for what nothing acts on yet`() throws {
        let checked = GatewaySettings.read(
            try Given.sampleBytes("good/gateway.yaml"),
            path: "/etc/scim-gateway/gateway.yaml"
        )

        let settings = try #require(checked.value)
        #expect(settings.listeners.map(\.profile.value) == [.commercial, .gccHigh])
        #expect(settings.listeners[0].address.value.description == "[::]:8443")
        #expect(settings.listeners[0].publicURL.value.description == "https://scim.msp.example")
        #expect(settings.listeners[0].hostNames == ["scim.msp.example"])
        #expect(settings.listeners[1].key.value == "/etc/scim-gateway/tls/scim-gov.key")
        #expect(settings.servedProfiles == [.commercial, .gccHigh])
        #expect(settings.adminSocket == "/run/scim-gateway/admin.sock")
        #expect(settings.tenants.directory == "/etc/scim-gateway/tenants")
        #expect(settings.storage == .init(directory: "/var/lib/scim-gateway", openTenants: 1_000))
        #expect(settings.limits.tenant == .init(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2)))
        #expect(settings.limits.bodyBytes == 1_048_576)
        #expect(settings.log == .init(level: .info, format: .auto))
        #expect(settings.fips(of: .gccHigh).configFile?.value == "/etc/scim-gateway/fipsmodule.cnf")
        #expect(checked.findings.allSatisfy { $0.severity == .warning })
        #expect(checked.findings.map(\.place.line).sorted() == [37])
    }

    @Test func `what is left out has its default`() throws {
        let settings = try Given.settings()

        #expect(settings.storage.openTenants == 1_000)
        #expect(settings.adminSocket == "/data/admin.sock")
        #expect(settings.tenants == .init(directory: "tenants", isWatched: true))
        #expect(settings.metricsAddress == nil)
        #expect(
            settings.limits
                == .init(
                    tenant: .init(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2)),
                    bodyBytes: 1_048_576,
                    pageSize: 1_000,
                    connections: 10_000,
                    connectionsPerAddress: nil
                )
        )
        #expect(settings.activityRetention == .seconds(90 * 86_400))
        #expect(settings.listeners[0].hosts.isEmpty)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("[::1]", true), ("[::ffff:127.0.0.1]", true),
        ("localhost", true), ("LOCALHOST", true), ("128.0.0.1", false), ("10.0.0.5", false),
        ("0.0.0.0", false), ("[::]", false), ("[::2]", false), ("[1::1]", false),
        ("[::ffff:10.0.0.1]", false), ("metrics.msp.example", false),
    ])
    func `an address of the figures that others reach is warned of, and taken`(host: String, isQuiet: Bool)
        throws
    {
        let text = Given.gatewayText + "\nmetrics: {address: \"\(host):9464\"}\n"

        let checked = GatewaySettings.read(Array(text.utf8), path: "gateway.yaml")

        let told = checked.findings.filter { $0.message.hasPrefix("metrics listens on ") }
        #expect(told.map(\.severity) == (isQuiet ? [] : [.warning]))
        #expect(try #require(checked.value).metricsAddress?.port == 9_464)
    }

    @Test(arguments: [(0, false), (1, true), (1_000_000, true), (1_000_001, false)])
    func `connections in all and of one address are numbers of a range`(number: Int, isTaken: Bool) throws {
        for key in ["connections", "connections_per_address"] {
            let text = Given.gatewayText + "\nlimits: {\(key): \(number)}\n"

            let settings = GatewaySettings.read(Array(text.utf8), path: "gateway.yaml").value

            #expect((settings != nil) == isTaken)
            let limits = settings?.limits
            let taken = key == "connections" ? limits?.connections : limits?.connectionsPerAddress
            #expect(taken == (isTaken ? number : nil))
        }
    }

    @Test func `relative paths count from the file's folder`() throws {
        let text = Given.gatewayText.replacing("/data", with: "data") + "\nadmin: {socket: run/a.sock}\n"

        let settings = try #require(GatewaySettings.read(Array(text.utf8), path: "conf/gateway.yaml").value)

        #expect(settings.listeners[0].certificate.value == "conf/tls/scim.pem")
        #expect(settings.storage.directory == "conf/data")
        #expect(settings.adminSocket == "conf/run/a.sock")
        #expect(settings.tenants.directory == "conf/tenants")
        let without = try #require(
            GatewaySettings.read(Array(text.replacing("admin:", with: "# ").utf8), path: "conf/gateway.yaml")
                .value
        )
        #expect(without.adminSocket == "conf/data/admin.sock")
    }

    @Test func `FIPS is demanded where it is built in, and loosened only with a reason that is told`() throws
    {
        let loosened =
            Given.gatewayText + """

                profiles:
                  gcc-high:
                    fips: off
                    fips_off_reason: demo without a module
                  commercial: {fips: required}
                """

        let settings = try Given.settings(loosened)

        #expect(settings.fips(of: .dod).demand == .required)
        #expect(settings.fips(of: .commercial).demand == .required)
        #expect(settings.fips(of: .china).demand == .off)
        #expect(settings.fips(of: .gccHigh).demand == .off)
        #expect(settings.fips(of: .commercial).loosened == nil)
        #expect(
            settings.fips(of: .gccHigh).loosened?.description
                == "NOT MET: FIPS (gateway.yaml:16: demo without a module)"
        )
        #expect(try Given.settings().fips(of: .gccHigh).demand == .required)
    }

    @Test func `off and on are words here, whatever YAML makes of them`() throws {
        let text = Given.gatewayText.replacing(
            "key: tls/scim.key",
            with: "key: tls/scim.key\n    proxy_protocol: off"
        )

        #expect(GatewaySettings.read(Array(text.utf8), path: "gateway.yaml").findings.isEmpty)
    }

    @Test func `load balancers are believed where the file says so`() throws {
        let text = Given.gatewayText.replacing(
            "key: tls/scim.key",
            with:
                "key: tls/scim.key\n    proxy_protocol: optional\n    trusted_proxies: [10.20.0.0/16, 2001:db8::1]"
        )

        let listeners = try Given.settings(text).listeners

        #expect(
            listeners[0].proxy
                == .init(mode: .optional, trusted: [try Network("10.20.0.0/16"), try Network("2001:db8::1")])
        )
        #expect(listeners[1].proxy == .init(mode: .off, trusted: []))
    }

    @Test func `a listener asks nobody for certificates and staples nothing unless the file says so`() throws
    {
        let text = Given.gatewayText.replacing(
            "key: tls/scim.key",
            with: """
                key: tls/scim.key
                    ocsp_response: tls/scim.ocsp
                    client_certificates: optional
                    client_ca: /etc/clients.pem
                """
        )

        let settings = GatewaySettings.read(Array(text.utf8), path: "conf/gateway.yaml")

        let listeners = try #require(settings.value).listeners
        #expect(settings.findings.isEmpty)
        #expect(listeners[0].ocspResponse?.value == "conf/tls/scim.ocsp")
        #expect(listeners[0].clientCertificates.mode == .optional)
        #expect(listeners[0].clientCertificates.authorities?.value == "/etc/clients.pem")
        #expect(listeners[1].ocspResponse == nil)
        #expect(listeners[1].clientCertificates.mode == .off)
        #expect(listeners[1].clientCertificates.authorities == nil)
    }

    @Test func `listeners may share an address when each has a name of its own`() throws {
        let text = Given.gatewayText.replacing("8444", with: "8443")
            .replacing("key: tls/scim.key", with: "key: tls/scim.key\n    hosts: [scim.msp.example]")
            .replacing("key: tls/gov.key", with: "key: tls/gov.key\n    hosts: [scim-gov.msp.example]")

        let listeners = try Given.settings(text).listeners

        #expect(listeners[0].sharesAddress(with: listeners[1]))
        let apart = try Given.settings(text.replacing("[::]:8443", with: "[::]:0")).listeners
        #expect(!apart[0].sharesAddress(with: apart[1]))
    }

    @Test(
        arguments: [
            ("[::]:8443", "[::]:8443"), ("0.0.0.0:0", "0.0.0.0:0"), ("127.0.0.1:65535", "127.0.0.1:65535"),
            ("localhost:1", "localhost:1"),
        ])
    func `addresses to listen on`(_ written: String, _ address: String) throws {
        let settings = try Given.settings(Given.gatewayText.replacing("[::]:8443", with: written))

        #expect(settings.listeners[0].address.value.description == address)
    }

    @Test(arguments: [
        "8443", ":8443", "::8443", "[::]", "[::]:", "[::]:65536", "[::]:-1", "[x]:1", "*:8443", "a b:1",
    ])
    func `what is no address to listen on`(_ written: String) {
        let text = Given.gatewayText.replacing("[::]:8443", with: written)

        #expect(GatewaySettings.read(Array(text.utf8), path: "gateway.yaml").value == nil)
    }

    @Test(
        arguments: [
            ("https://SCIM.msp.example/", "https://scim.msp.example"), ("https://h:443", "https://h"),
            ("https://h:8443/", "https://h:8443"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ])
    func `public URLs`(_ written: String, _ url: String) throws {
        let settings = try Given.settings(
            Given.gatewayText.replacing("https://scim.msp.example", with: "\"\(written)\"")
        )

        #expect(settings.listeners[0].publicURL.value.description == url)
    }

    @Test(arguments: [
        "http://h", "h", "https://", "https://h/scim", "https://u@h", "https://h?a", "https://h:x",
        "https://-h",
    ])
    func `what is no public URL`(_ written: String) {
        let text = Given.gatewayText.replacing("https://scim.msp.example", with: "\"\(written)\"")

        #expect(GatewaySettings.read(Array(text.utf8), path: "gateway.yaml").value == nil)
    }

    @Test func `the admin socket's path has 107 bytes at most`() throws {
        func text(_ count: Int) -> String {
            Given.gatewayText + "\nadmin: {socket: /\(String(repeating: "s", count: count - 1))}\n"
        }

        #expect(try Given.settings(text(107)).adminSocket.utf8.count == 107)
        #expect(GatewaySettings.read(Array(text(108).utf8), path: "gateway.yaml").value == nil)
    }

    @Test func `a file that cannot be read is a finding`() {
        let checked = GatewaySettings.read(path: "gateway.yaml", files: MemoryFiles())

        #expect(checked.findings.map(\.description) == ["gateway.yaml: error: no such file or directory"])
    }

    @Test func `every key of the tables has a line for explain, and no key is there twice`() {
        for rows in [GatewayKeys.rows, TenantKeys.rows] {
            for row in Self.flat(rows) {
                #expect(row.doc.hasSuffix("."), "\(row.name)")
            }
            #expect(Set(rows.map(\.name)).count == rows.count)
        }
    }

    private static func flat(_ rows: [SettingRow]) -> [SettingRow] {
        rows.flatMap { [$0] + flat(Self.inside($0.shape)) }
    }

    private static func inside(_ shape: SettingShape) -> [SettingRow] {
        switch shape {
        case .mapping(let rows), .mappings(_, let rows): rows
        case .list(let element, _): inside(element)
        default: []
        }
    }
}
