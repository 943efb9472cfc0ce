/// Why libcrypto could not do what was asked.
///
/// Always the gateway's or the machine's fault, never a client's.
package struct CryptoError: Error, Sendable, Equatable {
    /// What was being done.
    package enum Code: String, Sendable {
        /// The library context could not be made: out of memory.
        case noLibraryContext
        /// The algorithms of the library context could not be loaded.
        case noAlgorithms
        /// The FIPS module is not there, is damaged, or fails a self-test.
        case noFIPSModule
        /// One algorithm that the gateway needs is not offered there.
        case missingAlgorithm
        /// A step of a cipher failed: out of memory, or a module whose self-test failed.
        case cipherFailed
        /// The key has sealed as much as is safe; it needs a successor.
        case keyIsSpent
    }

    /// What failed.
    ///
    /// Two errors are equal when their codes are.
    package let code: Code
    /// OpenSSL's reasons, oldest first.
    package let opensslReasons: [String]

    /// An error with the reasons that OpenSSL left in its queue.
    package init(code: Code, opensslReasons: [String]) {
        self.code = code
        self.opensslReasons = opensslReasons
    }

    /// Whether the codes are the same; reasons are for people.
    package static func == (left: CryptoError, right: CryptoError) -> Bool {
        left.code == right.code
    }
}
