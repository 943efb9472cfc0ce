import CloudProfiles
import Crypto
import GatewayTesting
import Testing

@testable import Readiness
@testable import Tenancy

@Suite("A profile's library context, as its FIPS demand says")
struct ProfileLibraryTests {
    @Test func `a demand without a module is not met, and both ways out are told`() throws {
        let reason = try #require(whyNot(ProfileLibrary.made(for: .dod, .builtIn(.dod))))

        #expect(reason.contains("{dod: {fips_config: FILE}}"))
        #expect(reason.contains("fips_off_reason"))
    }

    @Test func `a module that is not there is named with its place, and the demand is not met`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let fips = try folder.settings(Self.required).fips(of: .gccHigh)

        let reason = try #require(whyNot(ProfileLibrary.made(for: .gccHigh, fips)))

        #expect(reason.contains("gateway.yaml:16") && reason.contains("its file cannot be read"))
        #expect(reason.contains("scim-gateway fips-check"))
    }

    @Test func `a loosened demand is an ordinary context, and a shout`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let fips = try folder.settings("gcc-high: {fips: off, fips_off_reason: no module here}").fips(
            of: .gccHigh
        )

        let (library, attention) = try #require(made(ProfileLibrary.made(for: .gccHigh, fips)))

        #expect(library.fips == nil && library.provider(of: .digest("MD5")) == "default")
        #expect(attention?.hasPrefix("NOT MET: FIPS (") == true)
        #expect(attention?.hasSuffix("gateway.yaml:16: no module here)") == true)
    }

    @Test func `a preference without its module is an ordinary context, and a word about it`() throws {
        let folder = try FIPSFolder(.none)
        defer { folder.remove() }
        let fips = try folder.settings("gcc: {fips: preferred, fips_config: fipsmodule.cnf}").fips(of: .gcc)

        let (library, attention) = try #require(made(ProfileLibrary.made(for: .gcc, fips)))

        #expect(library.fips == nil)
        #expect(attention?.contains("OpenSSL's ordinary algorithms serve instead") == true)
    }

    @Test func `a profile that asks for nothing is an ordinary context without a word`() throws {
        let (library, attention) = try #require(
            made(ProfileLibrary.made(for: .commercial, .builtIn(.commercial)))
        )

        #expect(library.fips == nil && attention == nil)
    }

    @Test(FIPSFolder.needsModule, arguments: ["required", "preferred"])
    func `with the module everything comes from it`(demand: String) throws {
        let folder = try FIPSFolder(.whole)
        defer { folder.remove() }
        let fips = try folder.settings("commercial: {fips: \(demand), fips_config: fipsmodule.cnf}").fips(
            of: .commercial
        )

        let (library, attention) = try #require(made(ProfileLibrary.made(for: .commercial, fips)))

        #expect(library.fips != nil && attention == nil)
        #expect(library.provider(of: .digest("SHA2-256")) == "fips")
        #expect(library.provider(of: .generator) == "fips")
        #expect(library.provider(of: .digest("MD5")) == nil)
    }

    @Test(FIPSFolder.needsModule) func `one flipped bit ends a demand`() throws {
        let folder = try FIPSFolder(.flipped)
        defer { folder.remove() }
        let fips = try folder.settings(Self.required).fips(of: .gccHigh)

        let reason = try #require(whyNot(ProfileLibrary.made(for: .gccHigh, fips)))

        #expect(reason.contains("self-test failed: Module_Integrity of HMAC"))
    }

    @Test(FIPSFolder.needsModule) func `one flipped bit leaves a preference with ordinary algorithms`() throws
    {
        let folder = try FIPSFolder(.flipped)
        defer { folder.remove() }
        let fips = try folder.settings("gcc: {fips: preferred, fips_config: fipsmodule.cnf}").fips(of: .gcc)

        let (library, attention) = try #require(made(ProfileLibrary.made(for: .gcc, fips)))

        #expect(library.fips == nil)
        #expect(attention?.contains("self-test failed: Module_Integrity of HMAC") == true)
    }

    private static let required = "gcc-high: {fips_config: fipsmodule.cnf}"

    private func whyNot(_ making: ProfileLibrary.Making) -> String? {
        if case .notMet(let reason) = making { reason } else { nil }
    }

    private func made(_ making: ProfileLibrary.Making) -> (LibraryContext, String?)? {
        if case .made(let library, let attention) = making { (library, attention) } else { nil }
    }
}
