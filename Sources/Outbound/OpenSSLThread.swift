internal import COpenSSL
internal import Crypto

/// What OpenSSL takes for its default on the thread that runs: libcurl names no library context.
enum OpenSSLThread {
    /// Runs a step whose OpenSSL computes in that context: OSSL_LIB_CTX_set0_default(3), for this thread alone.
    static func withDefault<Result, Failure: Error>(
        _ library: LibraryContext?,
        _ step: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let library else { return try step() }
        let before = unsafe library.withPointer { unsafe OSSL_LIB_CTX_set0_default($0) }
        defer { unsafe OSSL_LIB_CTX_set0_default(before) }
        return try step()
    }
}
