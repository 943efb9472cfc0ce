import COpenSSL

@testable import Crypto

/// An RSA key that is tried and thrown away.
enum RSAKey {
    /// Whether the context makes a key of that length.
    static func canBeMade(bits: UInt32, in library: LibraryContext) -> Bool {
        unsafe library.withPointer { library in
            ERR_clear_error()
            let making = unsafe EVP_PKEY_CTX_new_from_name(library, "RSA", nil)
            defer { unsafe EVP_PKEY_CTX_free(making) }
            var key: OpaquePointer?
            guard unsafe EVP_PKEY_keygen_init(making) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(making, Int32(bits)) == 1,
                unsafe EVP_PKEY_generate(making, &key) == 1
            else { return false }
            unsafe EVP_PKEY_free(key)
            return true
        }
    }
}
