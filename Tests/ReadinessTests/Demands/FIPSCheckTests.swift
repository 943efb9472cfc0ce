import CloudProfiles
import GatewayTesting
import SCIM
import Testing

@testable import Readiness
@testable import Tenancy

@Suite("fips-check: what a module told, and what runs in it")
struct FIPSCheckTests {
    private static let now = Timestamp(milliseconds: 1_795_435_200_000)

    @Test func `a module that is not there is a problem with its place`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }

        let checks = FIPSCheck.all(
            try folder.settings("gcc-high: {fips_config: fipsmodule.cnf}"),
            now: Self.now
        )

        #expect(checks.map(\.profile) == ["gcc-high"])
        #expect(checks.first?.version == nil)
        #expect(checks.first?.problems.count == 1)
        #expect(checks.first?.problems.first?.contains("gateway.yaml:16") == true)
    }

    @Test func `a loosened demand is a problem as well`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }

        let checks = FIPSCheck.all(
            try folder.settings("gcc-high: {fips: off, fips_off_reason: no module here}"),
            now: Self.now
        )

        #expect(checks.map(\.profile) == ["gcc-high"])
        #expect(checks.first?.problems.first?.hasPrefix("NOT MET: FIPS (") == true)
    }

    @Test func `profiles that neither demand a module nor name one are not checked`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }

        #expect(
            FIPSCheck.all(
                try folder.settings("gcc: {fips: off}", listeners: ["commercial", "gcc"]),
                now: Self.now
            ).isEmpty
        )
    }

    @Test(FIPSFolder.needsModule) func `all that the gateway computes with comes from the module`() throws {
        let check = FIPSCheck.module(try #require(FIPSFolder.moduleFile), now: Self.now)

        #expect(check.problems == [])
        #expect(check.version?.hasPrefix("3.") == true)
        #expect(check.selfTests.count >= 20 && check.selfTests.allSatisfy { $0.hasPassed })
        #expect(check.uses.count >= 12 && check.uses.allSatisfy { $0.provider == "fips" })
        #expect(check.absent == ["MD5", "ChaCha20-Poly1305"])
    }

    @Test(FIPSFolder.needsModule)
    func `a listener without its certificate is a problem, and the module is told all the same`()
        throws
    {
        let folder = try FIPSFolder(.whole)
        defer { folder.remove() }

        let checks = FIPSCheck.all(
            try folder.settings("gcc-high: {fips_config: fipsmodule.cnf}"),
            now: Self.now
        )

        #expect(checks.first?.selfTests.isEmpty == false)
        #expect(checks.first?.problems.count == 1)
        #expect(checks.first?.problems.first?.contains("nowhere.pem") == true)
        #expect(checks.first?.handshakes.isEmpty == true)
    }

    @Test(FIPSFolder.needsModule) func `one flipped bit is a problem`() throws {
        let folder = try FIPSFolder(.flipped)
        defer { folder.remove() }

        let checks = FIPSCheck.all(
            try folder.settings("gcc-high: {fips_config: fipsmodule.cnf}"),
            now: Self.now
        )

        #expect(checks.first?.provider == nil)
        #expect(checks.first?.problems.first?.contains("self-test failed: Module_Integrity of HMAC") == true)
    }
}
