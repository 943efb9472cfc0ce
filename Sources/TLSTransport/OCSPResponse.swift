internal import COpenSSL
internal import Crypto

/// What an authority says about a listener's certificate, as a file has it: RFC 6960 §4.2.
///
/// Only what a client would take is made into one: about this certificate, good, signed by whoever
/// may. Whether it holds now is asked again at each handshake.
struct OCSPResponse: Sendable {
    /// The response as it is sent: DER.
    let der: [UInt8]
    /// From when on it holds, seconds since 1970.
    let thisUpdate: Int64
    /// From when on it holds no more.
    let nextUpdate: Int64

    /// Whether it holds at that time.
    func holds(at now: Int64) -> Bool { thisUpdate <= now && now < nextUpdate }

    /// Reads a file and checks what it says of a chain.
    ///
    /// Blocks: not for an event loop.
    /// - Throws: what is wrong with it.
    static func reading(
        _ path: String,
        about chain: CertificateChain,
        library: LibraryContext,
        now: Int64
    ) throws(TLSConfigurationError) -> OCSPResponse {
        let bytes = try WipedFile(path).bytes
        guard bytes.count <= mostBytes else {
            throw TLSConfigurationError(
                .fileTooLarge,
                file: path,
                message: "OCSP response has more than \(mostBytes / 1024) KiB",
                fix: fetch
            )
        }
        let response = try OCSPResponseCheck(path: path, bytes: bytes, library: library, now: now)
            .check(chain)
        guard response.thisUpdate <= now else {
            throw TLSConfigurationError(
                .notYetValid,
                file: path,
                message: "OCSP response holds from \(UTCTime.minute(response.thisUpdate)) only",
                fix: "wait, or correct the machine's clock: it says \(UTCTime.minute(now))"
            )
        }
        guard now < response.nextUpdate else {
            throw TLSConfigurationError(
                .expired,
                file: path,
                message: "OCSP response ended on \(UTCTime.minute(response.nextUpdate))",
                fix: fetch
            )
        }
        return response
    }

    /// Most bytes of a response: one of RSA with the responder's certificate has 2 KiB, TLS 1.3 has room for 64, and
    /// each handshake sends it to whoever asks.
    static let mostBytes = 16 * 1024
    /// How a response is fetched.
    static let fetch =
        "fetch another: openssl ocsp -issuer … -cert … -url \"$(openssl x509 -in … -noout -ocsp_uri)\" -respout …"
}

/// The checks of one file's bytes, gravest first.
private struct OCSPResponseCheck {
    let path: String
    let bytes: [UInt8]
    let library: LibraryContext
    let now: Int64

    func check(_ chain: CertificateChain) throws(TLSConfigurationError) -> OCSPResponse {
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        let basic = try unsafe basicResponse()
        defer { unsafe OCSP_BASICRESP_free(basic) }
        guard let leaf = Certificate(der: chain.leaf, library) else {
            throw refusal("certificate is damaged")
        }
        let issuer = chain.issuers.lazy.compactMap { Certificate(der: $0, library) }
            .first { $0.hasIssued(leaf) }
        guard let single = unsafe single(in: basic, about: leaf, of: issuer) else {
            throw refusal("OCSP response is about another certificate")
        }
        // Without the issuer nobody can tell here who signed it; clients have it, and can.
        guard let issuer else { return try unsafe response(single, endOfSigner: .max) }
        guard let signer = unsafe signer(of: basic, for: issuer) else {
            throw refusal("OCSP response is not signed by the certificate's issuer, or for it")
        }
        return try unsafe response(single, endOfSigner: signer.notAfter ?? 0)
    }

    /// What the outer shell holds, owned by the caller.
    private func basicResponse() throws(TLSConfigurationError) -> OpaquePointer {
        let outer = unsafe bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var next = bytes.baseAddress
            guard let read = unsafe d2i_OCSP_RESPONSE(nil, &next, bytes.count) else { return nil }
            if unsafe next == bytes.baseAddress.map({ unsafe $0 + bytes.count }) { return unsafe read }
            unsafe OCSP_RESPONSE_free(read)
            return nil
        }
        guard let outer = unsafe outer else { throw refusal("file holds no OCSP response in DER form") }
        defer { unsafe OCSP_RESPONSE_free(outer) }
        let status = unsafe OCSP_response_status(outer)
        guard status == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            let word = unsafe String(cString: OCSP_response_status_str(Int(status)))
            throw refusal("responder gave no answer (\(word))")
        }
        guard let basic = unsafe OCSP_response_get1_basic(outer) else {
            throw refusal("OCSP response is of an unknown kind")
        }
        return unsafe basic
    }

    /// The part about our certificate; nil when there is none.
    private func single(in basic: OpaquePointer, about leaf: Certificate, of issuer: Certificate?)
        -> OpaquePointer?
    {
        for index in 0..<max(0, unsafe OCSP_resp_count(basic)) {
            guard let single = unsafe OCSP_resp_get0(basic, index),
                let id = unsafe OCSP_SINGLERESP_get0_id(single)
            else { continue }
            if unsafe names(id, leaf, of: issuer) { return unsafe single }
        }
        return nil
    }

    /// Whether an id means our certificate: by serial number, and by digests of its issuer where
    /// that is known.
    private func names(_ id: OpaquePointer, _ leaf: Certificate, of issuer: Certificate?) -> Bool {
        var algorithm: OpaquePointer?
        var serial: UnsafeMutablePointer<ASN1_INTEGER>?
        guard unsafe OCSP_id_get0_info(nil, &algorithm, nil, &serial, id) == 1 else { return false }
        guard let issuer else {
            return unsafe ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(leaf.pointer)) == 0
        }
        let name = unsafe OBJ_nid2sn(OBJ_obj2nid(algorithm))
        let digest = unsafe library.withPointer { unsafe EVP_MD_fetch($0, name, nil) }
        defer { unsafe EVP_MD_free(digest) }
        guard let digest = unsafe digest,
            let ours = unsafe OCSP_cert_to_id(digest, leaf.pointer, issuer.pointer)
        else { return false }
        defer { unsafe OCSP_CERTID_free(ours) }
        return unsafe OCSP_id_cmp(id, ours) == 0
    }

    /// What it says of our certificate.
    ///
    /// It holds no longer than the certificate of whoever signed it.
    private func response(_ single: OpaquePointer, endOfSigner: Int64) throws(TLSConfigurationError)
        -> OCSPResponse
    {
        var thisUpdate: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var nextUpdate: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        let status = unsafe OCSP_single_get0_status(single, nil, nil, &thisUpdate, &nextUpdate)
        if status == V_OCSP_CERTSTATUS_REVOKED {
            throw TLSConfigurationError(
                .revoked,
                file: path,
                message: "OCSP response says that the certificate is revoked",
                fix: "have another issued for a new key: clients may refuse this one already"
            )
        }
        guard status == V_OCSP_CERTSTATUS_GOOD else {
            throw refusal("responder does not know the certificate")
        }
        guard let start = unsafe UTCTime.seconds(thisUpdate), let end = unsafe UTCTime.seconds(nextUpdate)
        else {
            // Such a response is as old as it likes: RFC 6960 §4.2.2.1.
            throw refusal("OCSP response does not say until when it holds")
        }
        return OCSPResponse(der: bytes, thisUpdate: start, nextUpdate: min(end, endOfSigner))
    }

    /// Who has signed it: the issuer, or somebody whom it lets answer; nil when it is neither.
    private func signer(of basic: OpaquePointer, for issuer: Certificate) -> Certificate? {
        if unsafe isSigned(basic, by: issuer) { return issuer }
        let others = unsafe OCSP_resp_get0_certs(basic)
        for index in 0..<max(0, unsafe OPENSSL_sk_num(others)) {
            guard let other = unsafe OPENSSL_sk_value(others, index),
                // Read again, so that its key is in the library context.
                let responder = Certificate(der: unsafe Certificate.der(OpaquePointer(other)), library),
                responder.isOfResponder, responder.isValid(at: now), issuer.hasIssued(responder)
            else { continue }
            if unsafe isSigned(basic, by: responder) { return responder }
        }
        return nil
    }

    private func isSigned(_ basic: OpaquePointer, by certificate: Certificate) -> Bool {
        unsafe library.withPointer { library in
            unsafe gateway_OCSP_BASICRESP_verify_ex(basic, X509_get0_pubkey(certificate.pointer), library)
                == 1
        }
    }

    private func refusal(_ message: String) -> TLSConfigurationError {
        TLSConfigurationError(.badResponse, file: path, message: message, fix: OCSPResponse.fetch)
    }
}
