internal import COpenSSL

/// An algorithm by its kind and OpenSSL's name for it.
///
/// provider(7), OSSL_PROVIDER-FIPS(7).
package enum Algorithm: Sendable, Hashable, CustomStringConvertible {
    /// A digest: `SHA2-256`.
    case digest(String)
    /// A message authentication code: `HMAC`.
    case mac(String)
    /// A cipher: `AES-256-GCM`.
    case cipher(String)
    /// A derivation of keys: `TLS13-KDF`.
    case derivation(String)
    /// A way to agree on a key: `ECDH`.
    case agreement(String)
    /// A signature: `ECDSA`.
    case signature(String)
    /// The generator that random bytes come from.
    case generator

    /// The name, as people know it.
    package var description: String {
        switch self {
        case .digest(let name), .mac(let name), .cipher(let name), .derivation(let name),
            .agreement(let name),
            .signature(let name):
            name
        case .generator: "random bytes"
        }
    }
}

extension LibraryContext {
    /// The provider that an algorithm comes from in this context, `fips` or `default`; nil when it is not to be had.
    package func provider(of algorithm: Algorithm) -> String? {
        OpenSSLErrorQueue.clear()
        // A look-up without a result leaves a reason behind.
        defer { OpenSSLErrorQueue.clear() }
        return unsafe withPointer { library -> String? in
            switch algorithm {
            case .digest(let name):
                unsafe Self.provider(EVP_MD_fetch(library, name, nil), EVP_MD_get0_provider, EVP_MD_free)
            case .mac(let name):
                unsafe Self.provider(EVP_MAC_fetch(library, name, nil), EVP_MAC_get0_provider, EVP_MAC_free)
            case .cipher(let name):
                unsafe Self.provider(
                    EVP_CIPHER_fetch(library, name, nil),
                    EVP_CIPHER_get0_provider,
                    EVP_CIPHER_free
                )
            case .derivation(let name):
                unsafe Self.provider(EVP_KDF_fetch(library, name, nil), EVP_KDF_get0_provider, EVP_KDF_free)
            case .agreement(let name):
                unsafe Self.provider(
                    EVP_KEYEXCH_fetch(library, name, nil),
                    EVP_KEYEXCH_get0_provider,
                    EVP_KEYEXCH_free
                )
            case .signature(let name):
                unsafe Self.provider(
                    EVP_SIGNATURE_fetch(library, name, nil),
                    EVP_SIGNATURE_get0_provider,
                    EVP_SIGNATURE_free
                )
            case .generator:
                // The first one; those of the threads are made from it, by the same provider. It is
                // not ours to free.
                unsafe Self.provider(
                    RAND_get0_primary(library).flatMap { unsafe EVP_RAND_CTX_get0_rand($0) },
                    EVP_RAND_get0_provider,
                    { _ in }
                )
            }
        }
    }

    private static func provider(
        _ algorithm: OpaquePointer?,
        _ provider: (OpaquePointer?) -> OpaquePointer?,
        _ free: (OpaquePointer?) -> Void
    ) -> String? {
        guard let algorithm = unsafe algorithm else { return nil }
        defer { unsafe free(algorithm) }
        return unsafe OSSL_PROVIDER_get0_name(provider(algorithm)).map { unsafe String(cString: $0) }
    }
}
