import CloudProfiles
import GatewayTesting
import Testing

@testable import Readiness
@testable import Tenancy

@Suite("What each profile demands, and what came of it")
struct DemandListTests {
    @Test(arguments: CloudProfile.Name.allCases)
    func `every demand has a name of its own, a state and a reason`(_ name: CloudProfile.Name) {
        let demands = ProfileReport.made(of: name, nil).demands

        #expect(Set(demands.map(\.name)).count == demands.count)
        #expect(demands.filter { $0.demanded.isEmpty || $0.reason.isEmpty } == [])
        #expect(Demand.State.allCases.allSatisfy { state in demands.contains { $0.state == state } })
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `what TLS must be like is told as the profile has it`(_ name: CloudProfile.Name) throws {
        let tls = CloudProfile.named(name).tls

        let demands = ProfileReport.made(of: name, nil).demands

        #expect(demanded("TLS 1.2 suites", demands) == words(tls.cipherList))
        #expect(demanded("TLS 1.3 suites", demands) == words(tls.cipherSuites))
        #expect(demanded("Key exchange", demands) == words(tls.groups))
        #expect(demanded("Signatures", demands) == words(tls.signatureAlgorithms))
        #expect(
            demanded("Key of the certificate", demands).first?.contains("\(tls.minimumRSABits) bits") == true
        )
        #expect(
            demands.contains { $0.name == "Extended master secret" } == tls.requiresExtendedMasterSecret
        )
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `without a settings file, FIPS is not met where it is built in, and no demand elsewhere`(
        _ name: CloudProfile.Name
    ) {
        let fips = ProfileReport.made(of: name, nil).demands.first { $0.name == "FIPS" }

        #expect(fips?.state == (CloudProfile.named(name).fips == .required ? .notMet : nil))
    }

    @Test func `a loosened demand is not met, and shouted with its place and reason`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let settings = try folder.settings("gcc-high: {fips: off, fips_off_reason: no module here}")

        let report = ProfileReport.made(of: .gccHigh, settings)

        let fips = report.demands.filter { $0.name == "FIPS" }
        #expect(fips.map(\.state) == [.notMet])
        #expect(report.shouts.count == 1)
        #expect(report.shouts.first?.hasPrefix("NOT MET: FIPS (") == true)
        #expect(report.shouts.first?.hasSuffix("gateway.yaml:16: no module here)") == true)
        #expect(!report.demands.contains { $0.name == "Validation of the module" })
    }

    @Test func `a module that is not there is not met, and nothing is loosened`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let settings = try folder.settings("gcc-high: {fips_config: fipsmodule.cnf}")

        let report = ProfileReport.made(of: .gccHigh, settings)

        #expect(report.demands.first { $0.name == "FIPS" }?.state == .notMet)
        #expect(report.demands.first { $0.name == "FIPS" }?.reason.contains("gateway.yaml:16") == true)
        #expect(report.shouts.isEmpty)
    }

    @Test(FIPSFolder.needsModule)
    func `with the module FIPS is enforced, and its validation is for the operator to attest`()
        throws
    {
        let folder = try FIPSFolder(.whole)
        defer { folder.remove() }
        let settings = try folder.settings("gcc-high: {fips_config: fipsmodule.cnf}")

        let demands = ProfileReport.made(of: .gccHigh, settings).demands

        let fips = try #require(demands.first { $0.name == "FIPS" })
        #expect(fips.state == .enforced)
        #expect(
            fips.reason.wholeMatch(of: /FIPS provider 3\.[0-9.]+ active, [0-9]+ self-tests passed/) != nil
        )
        #expect(demands.first { $0.name == "Validation of the module" }?.state == .attested)
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `nothing that the gateway enforces is said to be validated`(_ name: CloudProfile.Name) {
        let enforced = ProfileReport.made(of: name, nil).demands.filter { $0.state == .enforced }

        for demand in enforced {
            let said = "\(demand.name) \(demand.demanded) \(demand.reason)".lowercased()
            #expect(
                !["validat", "certif", "complian", "approved"].contains { said.contains($0) }
                    || said.contains("key of the certificate")
            )
        }
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `every duty of the operator is attested`(_ name: CloudProfile.Name) {
        let attested = ProfileReport.made(of: name, nil).count(.attested)

        // The rotation of tokens is the operator's everywhere.
        #expect(attested == CloudProfile.named(name).duties.count + 1)
    }

    @Test func `listeners of the profile are told, those of others are not`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let settings = try folder.settings("gcc: {fips: off}", listeners: ["commercial"])

        #expect(ProfileReport.made(of: .commercial, settings).listeners == ["127.0.0.1:0"])
        #expect(ProfileReport.made(of: .gcc, settings).listeners.isEmpty)
    }

    private func demanded(_ name: String, _ demands: [Demand]) -> [String] {
        demands.filter { $0.name == name && $0.state == .enforced }.map(\.demanded)
    }

    private func words(_ list: String) -> [String] { [list.replacing(":", with: ", ")] }
}
