import Crypto

/// The library context of all targets: one is never freed.
enum SampleLibrary {
    static let context: LibraryContext = {
        do throws(CryptoError) {
            return try LibraryContext(name: "fuzzing")
        } catch {
            preconditionFailure("OpenSSL makes no library context: \(error)")
        }
    }()
}
