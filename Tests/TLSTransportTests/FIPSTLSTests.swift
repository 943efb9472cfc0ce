import Crypto
import Foundation
import TLSTransport
import Testing

@Suite("TLS inside a FIPS module", FIPSModule.isNeeded)
struct FIPSTLSTests {
    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let library = Result {
        try LibraryContext(name: "fips", in: FIPSModule(configFile: FIPSModule.testFile ?? ""))
    }

    @Test(arguments: HandshakeTrialTests.allowed)
    func `the policy of gcc-high agrees with ordinary clients`(_ trial: HandshakeTrial) throws {
        let outcome = try trial.attempt(with: context(.gccHigh), from: TestFiles.shared.library)

        guard case .agreed(let agreement) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(agreement.cipher == trial.suites.first)
        #expect(agreement.group == (trial.groups == ["P-256"] ? "secp256r1" : "secp384r1"))
    }

    @Test(arguments: HandshakeTrialTests.commercialOnly + HandshakeTrialTests.forbidden)
    func `clients that have only something else are refused`(_ trial: HandshakeTrial) throws {
        let outcome = try trial.attempt(with: context(.gccHigh), from: TestFiles.shared.library)

        guard case .refused = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    /// The policy of the commercial cloud names suites that a module does not have.
    @Test func `a policy that names what the module does not have is refused, not half followed`() throws {
        let error = #expect(throws: TLSConfigurationError.self) { try context(.commercial) }

        #expect(error?.code == .badPolicy)
    }

    private func context(_ policy: TLSPolicy) throws -> TLSServerContext {
        try TLSServerContext(
            policy: policy,
            files: TestFiles.shared.files("rsa2048"),
            library: Self.library.get(),
            tickets: nil,
            now: TestFiles.shared.now
        )
    }
}

extension FIPSModule {
    /// The file of the module that `deploy/fips-module` built for tests, when it did.
    fileprivate static let testFile = ProcessInfo.processInfo.environment["FIPS_MODULE_CONFIG"]

    /// Tests that need it run only with it.
    fileprivate static let isNeeded = ConditionTrait.enabled(
        if: testFile != nil,
        "there is no FIPS module: deploy/fips-module builds one, deploy/test sets FIPS_MODULE_CONFIG"
    )
}
