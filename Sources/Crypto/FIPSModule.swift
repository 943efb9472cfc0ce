internal import COpenSSL
import Foundation
import Synchronization

/// The FIPS module that an operator brought, named by the file that `openssl fipsinstall` wrote for it on this machine.
///
/// ```
/// [fips_sect]
/// activate = 1
/// module-mac = 4F:…
/// ```
/// The module itself, `fips.so`, is looked for beside that file, else where OpenSSL keeps its modules. Debian ships
/// none. What the gateway says of one is what it saw: that it loaded and passed its self-tests. That a module is
/// validated is the operator's to attest (NIST CMVP).
package struct FIPSModule: Sendable, Equatable {
    /// The path of the file.
    package let configFile: String

    /// A module by the path of its file, absolute or relative to the working folder.
    package init(configFile: String) {
        self.configFile = configFile
    }

    /// What a module reports once it is loaded (OSSL_PROVIDER-FIPS(7)).
    package struct Evidence: Sendable, Equatable {
        /// The provider's name for itself.
        package let name: String
        /// Its version, such as `3.1.2`.
        package let version: String
        /// The self-tests that it ran on being loaded, in order; empty when its file says that they passed on
        /// installation.
        package let selfTests: [SelfTest]
    }

    /// One self-test of a module.
    package struct SelfTest: Sendable, Equatable {
        /// What kind: `KAT_Cipher`.
        package let type: String
        /// Of what: `AES_GCM`.
        package let subject: String
        /// Whether it gave what it should.
        package let hasPassed: Bool
    }
}

// MARK: - Loading

extension FIPSModule {
    /// Loads the module and nothing else that computes into a library context: `fips`, and `base`, which decodes keys.
    ///
    /// - Throws: ``CryptoError`` `.noFIPSModule` when it is not there, is damaged, or fails a self-test.
    func load(into library: OpaquePointer) throws(CryptoError) -> Evidence {
        let tests = SelfTestRecord()
        unsafe OSSL_SELF_TEST_set_callback(
            library,
            recordSelfTest,
            Unmanaged.passUnretained(tests).toOpaque()
        )
        defer { unsafe OSSL_SELF_TEST_set_callback(library, nil, nil) }
        let folder = URL(fileURLWithPath: configFile).deletingLastPathComponent().path
        if FileManager.default.fileExists(atPath: folder + "/fips.so") {
            guard unsafe OSSL_PROVIDER_set_default_search_path(library, folder) == 1 else {
                throw Self.refusal(tests)
            }
        }
        try unsafe loadConfiguration(into: library, tests)
        guard unsafe OSSL_PROVIDER_available(library, "fips") == 1,
            unsafe OSSL_PROVIDER_available(library, "base") == 1,
            unsafe OSSL_PROVIDER_available(library, "default") == 0,
            unsafe EVP_default_properties_is_fips_enabled(library) == 1,
            tests.all.allSatisfy(\.hasPassed)
        else { throw Self.refusal(tests) }
        return try unsafe evidence(library, tests)
    }

    /// Through a file of its own for the moment: OpenSSL takes the module's parameters from nowhere else.
    private func loadConfiguration(into library: OpaquePointer, _ tests: SelfTestRecord) throws(CryptoError) {
        let path = URL(fileURLWithPath: configFile).standardizedFileURL.path
        guard FileManager.default.isReadableFile(atPath: path), !path.contains("\n") else {
            throw CryptoError(code: .noFIPSModule, opensslReasons: ["its file cannot be read"])
        }
        let main = FileManager.default.temporaryDirectory.appendingPathComponent(
            "openssl-\(ProcessInfo.processInfo.globallyUniqueString).cnf"
        )
        let made = FileManager.default.createFile(
            atPath: main.path,
            contents: Data(Self.configuration(including: path).utf8),
            attributes: [.posixPermissions: 0o600]
        )
        // It holds no secret: one that stays behind is litter, no harm.
        defer { try? FileManager.default.removeItem(at: main) }
        OpenSSLErrorQueue.clear()
        guard made, unsafe OSSL_LIB_CTX_load_config(library, main.path) == 1 else {
            throw Self.refusal(tests)
        }
    }

    /// `config_diagnostics` makes a broken line an error instead of silence.
    private static func configuration(including path: String) -> String {
        """
        config_diagnostics = 1
        openssl_conf = openssl_init
        .include \(path)
        [openssl_init]
        providers = provider_sect
        alg_section = algorithm_sect
        [provider_sect]
        fips = fips_sect
        base = base_sect
        [base_sect]
        activate = 1
        [algorithm_sect]
        default_properties = fips=yes

        """
    }

    private func evidence(_ library: OpaquePointer, _ tests: SelfTestRecord) throws(CryptoError) -> Evidence {
        // Loaded already: this counts one reference more, as long as the process lives.
        guard let provider = unsafe OSSL_PROVIDER_load(library, "fips") else { throw Self.refusal(tests) }
        return unsafe Evidence(
            name: Self.text("name", of: provider),
            version: Self.text("version", of: provider),
            selfTests: tests.all
        )
    }

    private static func text(_ name: String, of provider: OpaquePointer) -> String {
        unsafe name.withCString { key in
            var value: UnsafePointer<CChar>?
            return unsafe withUnsafeMutablePointer(to: &value) { value in
                unsafe value.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self, capacity: 1) {
                    pointer in
                    var parameters = unsafe [
                        OSSL_PARAM_construct_utf8_ptr(key, pointer, 0), OSSL_PARAM_construct_end(),
                    ]
                    guard unsafe OSSL_PROVIDER_get_params(provider, &parameters) == 1,
                        let text = unsafe pointer.pointee
                    else { return "unknown" }
                    return unsafe String(cString: text)
                }
            }
        }
    }

    private static func refusal(_ tests: SelfTestRecord) -> CryptoError {
        let failed = tests.all.filter { !$0.hasPassed }.map { "self-test failed: \($0.type) \($0.subject)" }
        return CryptoError(code: .noFIPSModule, opensslReasons: OpenSSLErrorQueue.drain() + failed)
    }
}

/// Keeps what a module tells of its self-tests while it is being loaded.
private final class SelfTestRecord: Sendable {
    private let tests = Mutex<[FIPSModule.SelfTest]>([])

    var all: [FIPSModule.SelfTest] { tests.withLock { $0 } }

    func append(_ test: FIPSModule.SelfTest) {
        tests.withLock { $0.append(test) }
    }
}

/// OpenSSL calls this at the start and the end of each self-test (OSSL_SELF_TEST_set_callback(3)); 1 lets it go on.
private func recordSelfTest(_ parameters: UnsafePointer<OSSL_PARAM>?, _ record: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let record = unsafe record else { return 1 }
    let phase = unsafe selfTestText("st-phase", parameters)
    guard phase == "Pass" || phase == "Fail" else { return 1 }
    unsafe Unmanaged<SelfTestRecord>.fromOpaque(record).takeUnretainedValue().append(
        FIPSModule.SelfTest(
            type: unsafe selfTestText("st-type", parameters),
            subject: unsafe selfTestText("st-desc", parameters),
            hasPassed: phase == "Pass"
        )
    )
    return 1
}

private func selfTestText(_ name: String, _ parameters: UnsafePointer<OSSL_PARAM>?) -> String {
    var text: UnsafePointer<CChar>?
    guard let parameter = unsafe OSSL_PARAM_locate_const(parameters, name),
        unsafe OSSL_PARAM_get_utf8_string_ptr(parameter, &text) == 1, let text = unsafe text
    else { return "" }
    return unsafe String(cString: text)
}
