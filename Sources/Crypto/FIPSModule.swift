internal import COpenSSL
internal import Glibc
import Synchronization

/// The FIPS module that an operator brought, named by the file that `openssl fipsinstall` wrote for it on this machine.
///
/// ```
/// [fips_sect]
/// activate = 1
/// conditional-errors = 1
/// security-checks = 1
/// module-mac = 4F:…
/// ```
/// The module itself, `fips.so`, is looked for beside that file, else where OpenSSL keeps its modules. Debian 12 ships
/// none. What the gateway says of one is what it saw: that it loaded, and passed its self-tests. Whether a module is
/// validated is the operator's to attest (NIST CMVP).
///
/// OSSL_PROVIDER-FIPS(7), fips_config(5).
package struct FIPSModule: Sendable, Equatable {
    /// The path of the file, absolute or relative to the working folder.
    package let configFile: String

    /// A module by the path of its file.
    package init(configFile: String) {
        self.configFile = configFile
    }

    /// What a module told of itself as it was loaded.
    package struct Evidence: Sendable, Equatable, CustomStringConvertible {
        /// The name of the provider for itself: `OpenSSL FIPS Provider`.
        package let name: String
        /// Its version: `3.1.2`.
        package let version: String
        /// The self-tests that it ran for this context, in order; all passed.
        package let selfTests: [SelfTest]

        /// What the gateway may say: what happened, and nothing about validation.
        package var description: String {
            "FIPS provider \(version) active, \(selfTests.count) self-tests passed"
        }
    }

    /// One self-test of a module.
    package struct SelfTest: Sendable, Equatable {
        /// What kind: `KAT_Cipher`.
        package let kind: String
        /// Of what: `AES_GCM`.
        package let subject: String
        /// Whether it gave what it should.
        package let hasPassed: Bool
    }
}

// MARK: - Loading

extension FIPSModule {
    /// Loads the module into an empty library context, with `base`, which decodes keys, and nothing else.
    ///
    /// - Throws: `.noFIPSModule` when it is not there, is damaged, fails a self-test, or is not alone.
    func load(into library: OpaquePointer) throws(CryptoError) -> Evidence {
        guard unsafe access(configFile, R_OK) == 0 else { throw Self.refusal("its file cannot be read") }
        OpenSSLErrorQueue.clear()
        let loading = SelfTestRecord()
        try unsafe loading.listen(in: library) { () throws(CryptoError) in try unsafe configure(library) }
        // OpenSSL tells of a module that it could not activate only by not having it.
        try Self.check(loading)
        let module = try unsafe loneModule(in: library)
        // On loading it tests itself only when no other context has it loaded, and its file does not say that it did so
        // on installation. So it is asked to: each profile has evidence of its own start.
        let asked = SelfTestRecord()
        let isWell = try unsafe asked.listen(in: library) { () throws(CryptoError) in
            unsafe OSSL_PROVIDER_self_test(module) == 1
        }
        try Self.check(asked)
        guard isWell, unsafe gateway_OSSL_PROVIDER_is_running(module) == 1 else {
            throw Self.refusal("it is in an error state")
        }
        return unsafe Evidence(
            name: Self.text(OSSL_PROV_PARAM_NAME, of: module),
            version: Self.text(OSSL_PROV_PARAM_VERSION, of: module),
            selfTests: asked.tests
        )
    }

    /// The module of a context in which nothing else computes.
    private func loneModule(in library: OpaquePointer) throws(CryptoError) -> OpaquePointer {
        let loaded = LoadedProviders()
        unsafe OSSL_PROVIDER_do_all(library, noteProvider, Unmanaged.passUnretained(loaded).toOpaque())
        guard let module = unsafe loaded.providers["fips"] else {
            throw Self.refusal("it did not become active")
        }
        let names = unsafe loaded.providers.keys.sorted()
        guard names == Self.wanted else {
            throw Self.refusal(
                "providers are \(names.joined(separator: ", ")); fips and base are to be alone"
            )
        }
        guard unsafe EVP_default_properties_is_fips_enabled(library) == 1 else {
            throw Self.refusal("its file lets algorithms in that are not the module's")
        }
        return unsafe module
    }

    /// OpenSSL takes a module's parameters from a configuration only: ours, and behind it the module's file, which may
    /// say more. (A second file loaded into the same CONF would be freed twice by OpenSSL 3.0.)
    private func configure(_ library: OpaquePointer) throws(CryptoError) {
        let text = Array(Self.configuration.utf8) + (try content())
        guard let configuration = unsafe NCONF_new_ex(library, nil) else { throw Self.refusal(nil) }
        defer { unsafe NCONF_free(configuration) }
        if unsafe access("\(folder)/fips.so", F_OK) == 0 {
            guard unsafe OSSL_PROVIDER_set_default_search_path(library, folder) == 1 else {
                throw Self.refusal(nil)
            }
        }
        // A BIO of memory does not copy it: the text must outlive the reading.
        let isRead = unsafe text.withUnsafeBytes { text in
            let source = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { unsafe BIO_free(source) }
            return unsafe NCONF_load_bio(configuration, source, nil) == 1
        }
        guard isRead else { throw Self.refusal(nil) }
        for name in Self.safeguards {
            let value = unsafe NCONF_get_string(configuration, "fips_sect", name)
                .map { unsafe String(cString: $0) }
            // Left out it is on; a look-up without a result leaves a reason in the queue.
            OpenSSLErrorQueue.clear()
            guard value == nil || value == "1" else { throw Self.refusal("its file switches \(name) off") }
        }
        let isLoaded = Self.configuring.withLock { _ in unsafe CONF_modules_load(configuration, nil, 0) == 1 }
        guard isLoaded else { throw Self.refusal(nil) }
    }

    private func content() throws(CryptoError) -> [UInt8] {
        let file = unsafe BIO_new_file(configFile, "r")
        defer { unsafe BIO_free(file) }
        return unsafe [UInt8](unsafeUninitializedCapacity: Self.mostBytes) { room, count in
            _ = unsafe BIO_read_ex(file, room.baseAddress, room.count, &count)
        }
    }

    /// The folder of the file.
    private var folder: String {
        guard let slash = configFile.lastIndex(of: "/") else { return "." }
        return slash == configFile.startIndex ? "/" : String(configFile[..<slash])
    }

    private static func text(_ name: String, of provider: OpaquePointer) -> String {
        unsafe gateway_OSSL_PROVIDER_get_text(provider, name).map { unsafe String(cString: $0) } ?? "unknown"
    }

    private static func check(_ record: SelfTestRecord) throws(CryptoError) {
        guard let failed = record.tests.first(where: { !$0.hasPassed }) else { return }
        throw refusal("self-test failed: \(failed.kind) of \(failed.subject)")
    }

    private static func refusal(_ reason: String?) -> CryptoError {
        CryptoError(
            code: .noFIPSModule,
            opensslReasons: (reason.map { [$0] } ?? []) + OpenSSLErrorQueue.drain()
        )
    }

    /// What is active in the context, and nothing else.
    private static let wanted = ["base", "fips"]
    /// What a module does by itself only while its file does not say 0: fall silent when a test of a new key fails, and
    /// refuse keys that are too short.
    private static let safeguards = ["conditional-errors", "security-checks"]
    /// OpenSSL 3.0 keeps a list of what configurations have set up, for the whole process and without a lock.
    private static let configuring = Mutex(())
    private static let configuration = """
        openssl_conf = openssl_init
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
        [default]

        """
    /// Bytes of the module's file that are read: fipsinstall writes a few hundred.
    private static let mostBytes = 64 * 1024
}

/// The providers of a library context by name.
@safe
private final class LoadedProviders {
    // SAFETY: a provider lives as long as its context; this object goes before the context is anybody's.
    var providers: [String: OpaquePointer] = unsafe [:]
}

/// OSSL_PROVIDER_do_all(3): each provider that is active; 1 goes on to the next.
private func noteProvider(_ provider: OpaquePointer?, _ loaded: UnsafeMutableRawPointer?) -> Int32 {
    guard let provider = unsafe provider, let loaded = unsafe loaded,
        let name = unsafe OSSL_PROVIDER_get0_name(provider)
    else { return 0 }
    let providers = unsafe Unmanaged<LoadedProviders>.fromOpaque(loaded).takeUnretainedValue()
    unsafe providers.providers[String(cString: name)] = unsafe provider
    return 1
}
