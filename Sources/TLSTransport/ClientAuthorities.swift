internal import COpenSSL
internal import Crypto

/// Those whose clients are let in, as their file has them: certificates, and if there are any the
/// lists of what they have revoked (RFC 5280 §5).
struct ClientAuthorities {
    /// The authorities' certificates, at least one.
    let certificates: [Certificate]
    /// Lists of revoked certificates; with one of them, each client's issuer needs one.
    let revocations: [RevocationList]
    /// A digest of the file.
    let digest: [UInt8]
    private let path: String

    /// Reads a file.
    ///
    /// Blocks: not for an event loop.
    static func reading(
        _ path: String,
        library: LibraryContext
    ) throws(TLSConfigurationError) -> ClientAuthorities {
        let file = try WipedFile(path)
        return ClientAuthorities(
            certificates: try CertificateFiles.certificates(in: file, library),
            revocations: try revocationLists(in: file, library),
            digest: file.digest(in: library),
            path: path
        )
    }

    /// From when on a list holds no more, and every client would be refused; nil without lists.
    var end: Int64? { revocations.compactMap(\.nextUpdate).min() }

    /// Passes, or throws the first finding.
    func check(now: Int64) throws(TLSConfigurationError) {
        for (index, certificate) in certificates.enumerated() where !certificate.isAuthority {
            throw TLSConfigurationError(
                .notAuthority,
                file: path,
                message: "certificate \(index + 1) of the file is not one of an authority",
                fix: "name the certificates of those that issue the clients', not the clients' own"
            )
        }
        guard let end, now > end else { return }
        throw TLSConfigurationError(
            .expired,
            file: path,
            message: "list of revoked certificates ended on \(UTCTime.minute(end)); clients are refused",
            fix: "put the authority's present one into the file"
        )
    }

    /// All lists of the file; it may have none.
    private static func revocationLists(
        in file: WipedFile,
        _ library: LibraryContext
    ) throws(TLSConfigurationError) -> [RevocationList] {
        var found: [RevocationList] = []
        file.rewind()
        while true {
            OpenSSLErrorQueue.clear()
            // Made first because only this way of making it takes the library context.
            var list = unsafe library.withPointer { unsafe X509_CRL_new_ex($0, nil) }
            if unsafe PEM_read_bio_X509_CRL(file.bio, &list, nil, nil) != nil, let read = unsafe list {
                unsafe found.append(RevocationList(adopting: read))
                continue
            }
            unsafe X509_CRL_free(list)
            let isAtEnd = CertificateFiles.isNoStartLine(ERR_peek_last_error())
            let reasons = OpenSSLErrorQueue.drain()
            if isAtEnd { return found }
            throw TLSConfigurationError(
                .badCertificate,
                file: file.path,
                message:
                    "list of revoked certificates is damaged (\(reasons.joined(separator: "; ")))",
                fix: "copy it again from the authority; check: openssl crl -in … -noout -text"
            )
        }
    }
}

/// One list of revoked certificates, parsed in a profile's library context.
@safe
final class RevocationList {
    /// The X509_CRL object; whoever stores it takes a reference of its own.
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe X509_CRL_free(pointer)
    }

    /// From when on another is to be had, seconds since 1970; nil when it does not say.
    var nextUpdate: Int64? { unsafe UTCTime.seconds(X509_CRL_get0_nextUpdate(pointer)) }
}
