internal import COpenSSL
internal import Crypto

/// A listener's certificate chain and key, read from their files and parsed, not yet judged.
struct CertificateFiles {
    /// The server's own certificate.
    let leaf: Certificate
    /// Those that issued it, in the file's order.
    let issuers: [Certificate]
    /// The private key.
    let key: PrivateKey
    /// Those whose clients are let in; nil where no file of them is named.
    let clientAuthorities: ClientAuthorities?
    /// A digest of all that was read, key included: what tells other files from the same ones,
    /// touched.
    let digest: [UInt8]

    /// Reads the files.
    ///
    /// Blocks: not for an event loop.
    static func reading(
        _ files: TLSFiles,
        library: LibraryContext
    ) throws(TLSConfigurationError) -> CertificateFiles {
        let certificateFile = try WipedFile(files.certificate)
        var certificates = try certificates(in: certificateFile, library)
        let keyFile = try WipedFile(files.key)
        let key = try key(in: keyFile, library)
        let authorities = try files.clientAuthorities.map { path throws(TLSConfigurationError) in
            try ClientAuthorities.reading(path, library: library)
        }
        let leaf = certificates.removeFirst()
        return CertificateFiles(
            leaf: leaf,
            issuers: certificates,
            key: key,
            clientAuthorities: authorities,
            digest: library.sha256(
                certificateFile.digest(in: library) + keyFile.digest(in: library)
                    + (authorities?.digest ?? [])
            )
        )
    }

    /// All certificates of the file, at least one.
    static func certificates(
        in file: WipedFile,
        _ library: LibraryContext
    ) throws(TLSConfigurationError) -> [Certificate] {
        var found: [Certificate] = []
        while true {
            OpenSSLErrorQueue.clear()
            // The object is made first because only this way of making it takes the library
            // context.
            var certificate = unsafe library.withPointer { unsafe X509_new_ex($0, nil) }
            if unsafe PEM_read_bio_X509(file.bio, &certificate, nil, nil) != nil,
                let read = unsafe certificate
            {
                unsafe found.append(Certificate(adopting: read))
                continue
            }
            unsafe X509_free(certificate)
            // The end of the file is an error to OpenSSL, too: no further "-----BEGIN".
            let isAtEnd = isNoStartLine(ERR_peek_last_error())
            let reasons = OpenSSLErrorQueue.drain()
            guard isAtEnd else { throw badCertificate(file.path, number: found.count + 1, reasons) }
            guard found.isEmpty else { return found }
            throw TLSConfigurationError(
                .notPEM,
                file: file.path,
                message: "file holds no certificate in PEM form",
                fix:
                    "it must begin with -----BEGIN CERTIFICATE-----; from DER: "
                    + "openssl x509 -inform der -in … -out …"
            )
        }
    }

    private static func key(
        in file: WipedFile,
        _ library: LibraryContext
    ) throws(TLSConfigurationError) -> PrivateKey {
        let path = file.path
        OpenSSLErrorQueue.clear()
        var wasAsked = false
        // A passphrase is never asked for: OpenSSL's own way of asking would open the terminal.
        let key = unsafe withUnsafeMutablePointer(to: &wasAsked) { wasAsked in
            unsafe library.withPointer { library in
                unsafe PEM_read_bio_PrivateKey_ex(file.bio, nil, refusePassphrase, wasAsked, library, nil)
            }
        }
        if let key = unsafe key { return unsafe PrivateKey(adopting: key) }
        let reasons = OpenSSLErrorQueue.drain()
        if wasAsked {
            throw TLSConfigurationError(
                .encryptedKey,
                file: path,
                message: "private key is encrypted with a passphrase",
                fix: "store it without one, readable by the gateway's user only: openssl pkey -in … -out …"
            )
        }
        if !file.contains("PRIVATE KEY-----") {
            throw TLSConfigurationError(
                .notPEM,
                file: path,
                message: "file holds no private key in PEM form",
                fix:
                    "it must hold -----BEGIN PRIVATE KEY-----; from DER: "
                    + "openssl pkey -inform der -in … -out …"
            )
        }
        throw TLSConfigurationError(
            .badKey,
            file: path,
            message: "private key is damaged (\(reasons.joined(separator: "; ")))",
            fix: "copy it again from where it was made; check: openssl pkey -in … -check -noout"
        )
    }

    private static func badCertificate(
        _ path: String,
        number: Int,
        _ reasons: [String]
    ) -> TLSConfigurationError {
        TLSConfigurationError(
            .badCertificate,
            file: path,
            message: "certificate \(number) of the file is damaged (\(reasons.joined(separator: "; ")))",
            fix: "copy it again from the authority; check: openssl x509 -in … -noout -text"
        )
    }

    /// Whether the last error is the end of a file: no further `-----BEGIN`.
    static func isNoStartLine(_ error: UInt) -> Bool {
        ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE
    }
}

/// Notes that a passphrase was asked for, and gives none: pem_password_cb(3).
private func refusePassphrase(
    _ room: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isWriting: Int32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe argument?.assumingMemoryBound(to: Bool.self).pointee = true
    return -1
}
