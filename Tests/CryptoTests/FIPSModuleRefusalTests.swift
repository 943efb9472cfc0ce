import Foundation
import Testing

@testable import Crypto

@Suite("A FIPS module that is not as it should be")
struct FIPSModuleRefusalTests {
    @Test func `a file that is not there is refused`() {
        let error = refusal(of: FIPSModule(configFile: "/nowhere/fipsmodule.cnf"))

        #expect(error?.code == .noFIPSModule)
        #expect(error?.opensslReasons == ["its file cannot be read"])
    }

    @Test func `a file beside which there is no module is refused`() throws {
        let module = try TestModule()
        defer { #expect(throws: Never.self) { try module.remove() } }
        // Without a module for tests there is none to take away.
        try? FileManager.default.removeItem(at: module.module)

        #expect(refusal(of: module.copy)?.code == .noFIPSModule)
    }

    @Test(TestModule.isNeeded) func `an untouched copy is taken`() throws {
        let module = try TestModule()
        defer { #expect(throws: Never.self) { try module.remove() } }

        #expect(refusal(of: module.copy) == nil)
    }

    /// In text that nothing computes with, and in the last byte, which is not even loaded: a change of code might end
    /// the process that runs this test before the module looks at itself.
    @Test(TestModule.isNeeded, arguments: [Data("OpenSSL FIPS Provider".utf8), nil])
    func `one flipped bit is found by the module itself`(text: Data?) throws {
        let module = try TestModule()
        defer { #expect(throws: Never.self) { try module.remove() } }
        var bytes = try Data(contentsOf: module.module)
        let index = try text.map { try #require(bytes.firstRange(of: $0)).lowerBound } ?? bytes.count - 1
        bytes[index] ^= 1
        try bytes.write(to: module.module)

        let error = refusal(of: module.copy)

        #expect(error?.code == .noFIPSModule)
        #expect(error?.opensslReasons.first == "self-test failed: Module_Integrity of HMAC")
    }

    /// What a change of the file does, and what is said about it.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let said: String
        let make: @Sendable (String) -> String
    }

    static let changes = [
        Change(testDescription: "no module-mac", said: "") { $0.removing(line: "module-mac") },
        Change(testDescription: "another module-mac", said: "self-test failed: Module_Integrity of HMAC") {
            $0.removing(line: "module-mac") + "module-mac = 00:01\n"
        },
        Change(testDescription: "not activated", said: "it did not become active") {
            $0.removing(line: "activate")
        },
        Change(testDescription: "no base provider", said: "providers are fips; fips and base are to be alone")
        {
            $0 + "[provider_sect]\nbase = other_sect\n[other_sect]\nidentity = base\n"
        },
        Change(testDescription: "the default provider as well", said: "providers are base, default, fips") {
            $0 + "[provider_sect]\ndefault = default_sect\n[default_sect]\nactivate = 1\n"
        },
        Change(testDescription: "algorithms from anywhere", said: "its file lets algorithms in") {
            $0 + "[algorithm_sect]\ndefault_properties = fips=no\n"
        },
        Change(testDescription: "no checks of keys", said: "its file switches security-checks off") {
            $0.removing(line: "security-checks") + "security-checks = 0\n"
        },
        Change(
            testDescription: "goes on after a failed test",
            said: "its file switches conditional-errors off"
        ) {
            $0.removing(line: "conditional-errors") + "conditional-errors = 0\n"
        },
        Change(testDescription: "a broken line", said: "") { $0 + "[unfinished\n" },
        Change(testDescription: "empty", said: "") { _ in "" },
    ]

    @Test(TestModule.isNeeded, arguments: changes)
    func `a changed file is refused, and the reason is told`(_ change: Change) throws {
        let module = try TestModule()
        defer { #expect(throws: Never.self) { try module.remove() } }
        try module.rewrite(change.make)

        let error = refusal(of: module.copy)

        #expect(error?.code == .noFIPSModule)
        #expect(error?.opensslReasons.first?.hasPrefix(change.said) == true, "\(error?.opensslReasons ?? [])")
    }

    @Test(TestModule.isNeeded) func `a module that is refused does not harm other contexts`() throws {
        let module = try TestModule()
        defer { #expect(throws: Never.self) { try module.remove() } }
        try module.rewrite { $0.removing(line: "module-mac") }
        #expect(refusal(of: module.copy) != nil)

        let ordinary = try LibraryContext(name: "test")

        #expect(ordinary.fips == nil)
        #expect(ordinary.provider(of: .digest("SHA2-256")) == "default")
        #expect(try TestModule.library.get().provider(of: .digest("SHA2-256")) == "fips")
    }

    private func refusal(of module: FIPSModule) -> CryptoError? {
        do throws(CryptoError) {
            _ = try LibraryContext(name: "test", in: module)
            return nil
        } catch {
            return error
        }
    }
}

extension String {
    /// The text without the line of that key.
    fileprivate func removing(line key: String) -> String {
        split(separator: "\n").filter { !$0.hasPrefix(key) }.joined(separator: "\n") + "\n"
    }
}
