internal import COpenSSL

/// Keeps what a module tells of its self-tests while it is being loaded.
///
/// OSSL_SELF_TEST_set_callback(3).
@safe
final class SelfTestRecord {
    /// The self-tests that have ended so far, in order.
    private(set) var tests: [FIPSModule.SelfTest] = []

    /// Listens to the modules of a library context while the work is done.
    func listen<Result>(
        in library: OpaquePointer,
        during work: () throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        unsafe OSSL_SELF_TEST_set_callback(library, noteSelfTest, Unmanaged.passUnretained(self).toOpaque())
        // The library context outlives this object, and a module tests itself later, too.
        defer { unsafe OSSL_SELF_TEST_set_callback(library, nil, nil) }
        return try work()
    }

    fileprivate func note(_ test: FIPSModule.SelfTest) {
        tests.append(test)
    }
}

/// OpenSSL calls this when a self-test begins and ends, in the thread that loads the module; 1 lets it go on.
private func noteSelfTest(_ parameters: UnsafePointer<OSSL_PARAM>?, _ record: UnsafeMutableRawPointer?)
    -> Int32
{
    let phase = unsafe text(OSSL_PROV_PARAM_SELF_TEST_PHASE, in: parameters)
    guard let record = unsafe record, phase == OSSL_SELF_TEST_PHASE_PASS || phase == OSSL_SELF_TEST_PHASE_FAIL
    else { return 1 }
    unsafe Unmanaged<SelfTestRecord>.fromOpaque(record).takeUnretainedValue().note(
        FIPSModule.SelfTest(
            kind: unsafe text(OSSL_PROV_PARAM_SELF_TEST_TYPE, in: parameters),
            subject: unsafe text(OSSL_PROV_PARAM_SELF_TEST_DESC, in: parameters),
            hasPassed: phase == OSSL_SELF_TEST_PHASE_PASS
        )
    )
    return 1
}

private func text(_ name: String, in parameters: UnsafePointer<OSSL_PARAM>?) -> String {
    var text: UnsafePointer<CChar>?
    guard let parameter = unsafe OSSL_PARAM_locate_const(parameters, name),
        unsafe OSSL_PARAM_get_utf8_string_ptr(parameter, &text) == 1, let text = unsafe text
    else { return "" }
    return unsafe String(cString: text)
}
