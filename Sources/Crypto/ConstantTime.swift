internal import COpenSSL

/// Comparison of secrets whose time does not tell where they differ.
package enum ConstantTime {
    /// Whether both hold the same bytes.
    ///
    /// Lengths are not secret: different lengths are false at once.
    ///
    /// Source: CRYPTO_memcmp(3).
    package static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { isEqual(a.span, b.span) }

    /// Whether both hold the same bytes, where they are.
    ///
    /// As for arrays.
    package static func isEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe a.withUnsafeBytes { left in
            unsafe b.withUnsafeBytes { right in
                // No bytes may have no address, and CRYPTO_memcmp is not told that nil is
                // allowed.
                guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                return unsafe CRYPTO_memcmp(first, second, left.count) == 0
            }
        }
    }
}
