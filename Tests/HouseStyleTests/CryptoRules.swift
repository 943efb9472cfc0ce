/// Cryptography: nothing is computed outside of a profile's library context.
enum CryptoRules {
    static let all = [ambientAlgorithms]

    static let ambientAlgorithms = HouseRule(
        name: "algorithms and random bytes come from a named library context"
    ) {
        file in
        guard file.isSource else { return [] }
        return file.text.lines.indices.flatMap { index in
            file.text.lines[index].tokens.filter(isAmbient).map {
                Offence(
                    line: index + 1,
                    words:
                        "\($0) works in OpenSSL's global context, outside of every FIPS module: fetch from a library"
                )
            }
        }
    }

    private static func isAmbient(_ name: String) -> Bool {
        names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }

    private static let names: Set<String> = [
        "RAND_bytes", "RAND_priv_bytes", "SSL_CTX_new", "EVP_get_digestbyname", "EVP_get_cipherbyname",
        "EVP_PKEY_CTX_new_id", "EVP_PKEY_new_raw_private_key", "EVP_PKEY_new_mac_key",
    ]
    /// `EVP_sha256()` and its like are looked up in the global context when they are used.
    private static let prefixes = ["EVP_sha", "EVP_md5", "EVP_aes_", "EVP_chacha20"]
}
