internal import COpenSSL
import Synchronization

/// AES-256-GCM under one key: what it sealed it can open, and nothing else.
///
/// ```
/// sealed:  nonce (12 bytes) · ciphertext (as long as the plaintext) · tag (16 bytes)
/// ```
/// Along with the plaintext a label is authenticated, which is not in the sealed bytes: they open
/// under the same label only.
///
/// The cipher draws each nonce itself, in every library context, and there is no way to hand one in: a FIPS module
/// vouches only for nonces of its own (OpenSSL's `ciphercommon_gcm.c`), and one that came twice under a key would give
/// away the difference of two plaintexts, and what the tags are made with.
///
/// NIST SP 800-38D §8.2.2.
@safe
package final class AuthenticatedEncryption: Sendable {
    private let library: LibraryContext
    private let mostSeals: Int
    private let seals = Atomic(0)
    // SAFETY: memory of our own: written in init, then only read, freed in deinit.
    private nonisolated(unsafe) let key: UnsafeMutableBufferPointer<UInt8>

    /// Draws a key that never leaves this object, and is overwritten when it goes.
    ///
    /// - Parameters:
    ///   - library: The context whose cipher and generator are used.
    ///   - mostSeals: How often the key may seal.
    package init(in library: LibraryContext, mostSeals: Int = AuthenticatedEncryption.mostSeals) {
        self.library = library
        self.mostSeals = mostSeals
        unsafe key = .allocate(capacity: Self.keyLength)
        unsafe library.fill(key)
    }

    /// Takes a key of the caller's: the standard's samples come with theirs.
    init(in library: LibraryContext, key bytes: [UInt8]) {
        precondition(bytes.count == Self.keyLength, "A key has \(Self.keyLength) bytes.")
        self.library = library
        mostSeals = Self.mostSeals
        unsafe key = .allocate(capacity: Self.keyLength)
        _ = unsafe key.initialize(fromContentsOf: bytes)
    }

    deinit {
        unsafe OPENSSL_cleanse(key.baseAddress, key.count)
        unsafe key.deallocate()
    }

    /// The plaintext, sealed under a nonce that no one has seen before.
    ///
    /// - Throws: `.keyIsSpent` after so many times as the key may seal; `.cipherFailed`.
    package func seal(_ plaintext: [UInt8], authenticating label: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard seals.wrappingAdd(1, ordering: .relaxed).newValue <= mostSeals else {
            throw CryptoError(code: .keyIsSpent, opensslReasons: [])
        }
        let work = try CipherWork()
        try unsafe work.begin(sealingBy: library.cipher, key: key)
        try work.takeIn(label)
        let ciphertext = try work.result(of: plaintext)
        guard work.finish() else { throw CipherWork.failure }
        return try work.nonce(Self.nonceLength) + ciphertext + work.tag(Self.tagLength)
    }

    /// The plaintext; nil for bytes that were not sealed by this key under this label, or were
    /// changed since.
    ///
    /// - Throws: `.cipherFailed`.
    package func open(_ sealed: [UInt8], authenticating label: [UInt8]) throws(CryptoError) -> [UInt8]? {
        guard sealed.count >= Self.overhead else { return nil }
        let nonce = Array(sealed.prefix(Self.nonceLength))
        let work = try CipherWork()
        try unsafe work.begin(openingBy: library.cipher, key: key, nonce: nonce)
        try work.takeIn(label)
        let ciphertext = Array(sealed.dropFirst(Self.nonceLength).dropLast(Self.tagLength))
        let plaintext = try work.result(of: ciphertext)
        try work.expect(tag: Array(sealed.suffix(Self.tagLength)))
        // The end compares the tags: before it, the plaintext is anybody's invention.
        return work.finish() ? plaintext : nil
    }

    /// Bytes that sealing adds.
    package static let overhead = nonceLength + tagLength
    /// How often one key may seal: SP 800-38D §8.3 draws the line for random nonces at 2^32.
    package static let mostSeals = 1 << 32

    private static let keyLength = 32
    private static let nonceLength = 12
    private static let tagLength = 16
}

/// One pass of an authenticating cipher over a label and a text.
///
/// EVP_EncryptInit(3), "AEAD Interface".
@safe
private struct CipherWork: ~Copyable {
    // SAFETY: made in init, freed in deinit, used by one function in between.
    private let pass: OpaquePointer

    init() throws(CryptoError) {
        OpenSSLErrorQueue.clear()
        guard let pass = unsafe EVP_CIPHER_CTX_new() else { throw Self.failure }
        unsafe self.pass = pass
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(pass)
    }

    /// Sets the key, and leaves the nonce to the cipher: it draws one when the first byte comes, or at the end.
    ///
    /// Freeing the pass overwrites what OpenSSL made of the key.
    func begin(sealingBy cipher: OpaquePointer, key: UnsafeMutableBufferPointer<UInt8>) throws(CryptoError) {
        guard unsafe EVP_EncryptInit_ex2(pass, cipher, key.baseAddress, nil, nil) == 1 else {
            throw Self.failure
        }
    }

    /// Sets key and nonce.
    func begin(openingBy cipher: OpaquePointer, key: UnsafeMutableBufferPointer<UInt8>, nonce: [UInt8])
        throws(CryptoError)
    {
        guard unsafe Int(EVP_CIPHER_get_iv_length(cipher)) == nonce.count,
            unsafe EVP_DecryptInit_ex2(pass, cipher, key.baseAddress, nonce, nil) == 1
        else { throw Self.failure }
    }

    /// Authenticates bytes that are not in the result: an update without a place for output.
    func takeIn(_ label: [UInt8]) throws(CryptoError) {
        var count: Int32 = 0
        guard unsafe EVP_CipherUpdate(pass, nil, &count, label, Int32(label.count)) == 1 else {
            throw Self.failure
        }
    }

    /// The text after the cipher: GCM is a stream, as many bytes come out as go in.
    func result(of text: [UInt8]) throws(CryptoError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: text.count)
        var count: Int32 = 0
        guard unsafe EVP_CipherUpdate(pass, &output, &count, text, Int32(text.count)) == 1,
            Int(count) == text.count
        else { throw Self.failure }
        return output
    }

    /// Sets the tag that the end compares with.
    func expect(tag: [UInt8]) throws(CryptoError) {
        var tag = tag
        guard unsafe EVP_CIPHER_CTX_ctrl(pass, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw Self.failure
        }
    }

    /// Ends the pass; false when the tags differ.
    func finish() -> Bool {
        // Nothing comes out any more, but OpenSSL wants a place for a block.
        var rest = [UInt8](repeating: 0, count: Int(EVP_MAX_BLOCK_LENGTH))
        var count: Int32 = 0
        return unsafe EVP_CipherFinal_ex(pass, &rest, &count) == 1
    }

    /// The nonce that was drawn: EVP_CIPHER_CTX_get_original_iv(3).
    func nonce(_ length: Int) throws(CryptoError) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: length)
        guard unsafe Int(EVP_CIPHER_CTX_get_iv_length(pass)) == length,
            unsafe EVP_CIPHER_CTX_get_original_iv(pass, &nonce, length) == 1
        else { throw Self.failure }
        return nonce
    }

    /// The tag that the end made.
    func tag(_ length: Int) throws(CryptoError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_CIPHER_CTX_ctrl(pass, EVP_CTRL_AEAD_GET_TAG, Int32(length), &tag) == 1 else {
            throw Self.failure
        }
        return tag
    }

    /// What a step threw, with OpenSSL's reasons.
    static var failure: CryptoError {
        CryptoError(code: .cipherFailed, opensslReasons: OpenSSLErrorQueue.drain())
    }
}
