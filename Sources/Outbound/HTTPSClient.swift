internal import CCurl
internal import COpenSSL
internal import Crypto
internal import Glibc

/// A client of servers outside, by libcurl: one connection that is kept open, one request at a time.
///
/// Blocks: it belongs to a thread of its own, never to an event loop or to the cooperative pool. It follows no redirect,
/// heeds no proxy of the environment, and keeps no cookie: what it reports is what this server said.
@safe
package final class HTTPSClient {
    // SAFETY: made in init, freed in deinit, used by one thread at a time, as the class is not Sendable.
    private let handle: UnsafeMutableRawPointer
    private let observation = Observation()
    private let route: Route
    private let ownOffer: TLSOffer
    /// CURLOPT_RESOLVE points to it.
    private let resolutions: TextList
    private let error: ErrorText

    /// libcurl is set up once, before its first handle.
    private static let isStarted = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// A client that finds and trusts as the route says, and offers that in the handshakes of its requests.
    ///
    /// - Throws: `failed` when libcurl cannot be used.
    package init(_ route: Route, offering offer: TLSOffer = .ordinary) throws(HTTPSFailure) {
        guard Self.isStarted, let handle = unsafe curl_easy_init() else {
            throw HTTPSFailure(.failed, "libcurl cannot be used: check the machine's memory")
        }
        unsafe self.handle = handle
        self.route = route
        ownOffer = offer
        resolutions = TextList(route.addresses)
        error = ErrorText()
        prepare()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
    }

    /// Sends a request and waits for its answer.
    ///
    /// The server must show a certificate that the route trusts, for the name in the URL.
    /// - Throws: why no answer came.
    package func exchange(_ request: HTTPSRequest) throws(HTTPSFailure) -> HTTPSAnswer {
        let fields = TextList(request.fields.map { "\($0.name): \($0.value)" })
        // libcurl holds its bare pointer: without this the optimiser lets it go before the transfer.
        defer { withExtendedLifetime(fields) {} }
        observation.beginTransfer()
        set(CURLOPT_URL, request.url)
        set(CURLOPT_CONNECT_ONLY, 0)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        offer(ownOffer)
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields.pointer)
        let code = send(request.body)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_HTTPHEADER, nil)
        guard code == CURLE_OK else { throw failure(code, route) }
        return HTTPSAnswer(
            status: unsafe gateway_curl_long(handle, CURLINFO_RESPONSE_CODE),
            fields: observation.fields,
            body: observation.body,
            microseconds: microseconds(from: CURLINFO_PRETRANSFER_TIME_T, to: CURLINFO_TOTAL_TIME_T)
        )
    }

    /// Shakes hands with a server and goes again: nothing is sent, and nobody is trusted.
    ///
    /// - Throws: why there was no agreement.
    package func look(at url: String, offering offer: TLSOffer = .ordinary) throws(HTTPSFailure) -> TLSLook {
        set(CURLOPT_URL, url)
        set(CURLOPT_CONNECT_ONLY, 1)
        set(CURLOPT_SSL_VERIFYPEER, 0)
        set(CURLOPT_SSL_VERIFYHOST, 0)
        self.offer(offer)
        set(CURLOPT_FRESH_CONNECT, 1)
        defer { set(CURLOPT_FRESH_CONNECT, 0) }
        let code = OpenSSLThread.withDefault(route.library) { unsafe curl_easy_perform(handle) }
        guard code == CURLE_OK else { throw failure(code, route) }
        guard let agreement = observation.agreement, !observation.certificates.isEmpty else {
            throw HTTPSFailure(.handshake, "the server showed no certificate")
        }
        return TLSLook(
            version: agreement.version,
            suite: agreement.suite,
            chain: ServerChain(observation.certificates),
            address: unsafe gateway_curl_text(handle, CURLINFO_PRIMARY_IP).map {
                unsafe String(cString: $0)
            } ?? "",
            milliseconds: microseconds(from: CURLINFO_CONNECT_TIME_T, to: CURLINFO_APPCONNECT_TIME_T) / 1_000
        )
    }
}

// MARK: - Setting up

extension HTTPSClient {
    /// What holds for every transfer.
    private func prepare() {
        unsafe gateway_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, error.room)
        // Signals and threads do not go together: libcurl would use SIGALRM for look-ups.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "https")
        set(CURLOPT_PROXY, "")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_CONNECTTIMEOUT_MS, OutboundLimits.connectMilliseconds)
        set(CURLOPT_TIMEOUT_MS, OutboundLimits.requestMilliseconds)
        // A resumed session would show no certificates.
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        set(CURLOPT_CAINFO, route.authorities ?? Route.systemAuthorities)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_RESOLVE, resolutions.pointer)
        let observer = unsafe Unmanaged.passUnretained(observation).toOpaque()
        unsafe gateway_curl_set_taker(handle, CURLOPT_WRITEFUNCTION, takeBody)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_WRITEDATA, observer)
        unsafe gateway_curl_set_taker(handle, CURLOPT_HEADERFUNCTION, takeLine)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_HEADERDATA, observer)
        unsafe gateway_curl_set_preparer(handle, observeHandshakes)
        unsafe gateway_curl_set_pointer(handle, CURLOPT_SSL_CTX_DATA, observer)
    }

    private func offer(_ offer: TLSOffer) {
        set(CURLOPT_SSLVERSION, Self.range(of: offer.version))
        let suites = offer.suites.isEmpty ? nil : offer.suites.joined(separator: ":")
        // The lowest level where old versions are offered: it is the server that is to refuse.
        let old = offer.version == .tls10 || offer.version == .tls11 ? "ALL:@SECLEVEL=0" : nil
        set(CURLOPT_SSL_CIPHER_LIST, offer.version == .tls13 ? nil : suites ?? old)
        set(CURLOPT_TLS13_CIPHERS, offer.version == .tls13 ? suites : nil)
    }

    private static func range(of version: TLSOffer.Version?) -> Int {
        switch version {
        case nil: Int(CURL_SSLVERSION_TLSv1_2)
        case .tls10: Int(CURL_SSLVERSION_TLSv1_0) | CURL_SSLVERSION_MAX_TLSv1_0
        case .tls11: Int(CURL_SSLVERSION_TLSv1_1) | CURL_SSLVERSION_MAX_TLSv1_1
        case .tls12: Int(CURL_SSLVERSION_TLSv1_2) | CURL_SSLVERSION_MAX_TLSv1_2
        case .tls13: Int(CURL_SSLVERSION_TLSv1_3) | CURL_SSLVERSION_MAX_TLSv1_3
        }
    }

    /// Performs the transfer with the body in place: libcurl does not copy it.
    private func send(_ body: [UInt8]?) -> CURLcode {
        guard let body else {
            set(CURLOPT_HTTPGET, 1)
            return perform()
        }
        return unsafe body.withUnsafeBytes { bytes in
            set(CURLOPT_POST, 1)
            unsafe gateway_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            unsafe gateway_curl_set_pointer(
                handle,
                CURLOPT_POSTFIELDS,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            )
            defer { unsafe gateway_curl_set_pointer(handle, CURLOPT_POSTFIELDS, nil) }
            return perform()
        }
    }

    private func perform() -> CURLcode {
        OpenSSLThread.withDefault(route.library) { unsafe curl_easy_perform(handle) }
    }

    private func microseconds(from start: CURLINFO, to end: CURLINFO) -> Int {
        unsafe gateway_curl_offset(handle, end) - gateway_curl_offset(handle, start)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe gateway_curl_set_long(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: String?) {
        unsafe gateway_curl_set_text(handle, option, value)
    }
}

// MARK: - What went wrong

extension HTTPSClient {
    private func failure(_ code: CURLcode, _ route: Route) -> HTTPSFailure {
        guard !observation.isTooLarge else {
            return HTTPSFailure(
                .tooLarge,
                "the answer has more than \(OutboundLimits.bodyBytes) bytes: no gateway sends that"
            )
        }
        let words = error.text
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return HTTPSFailure(.unresolved, "the name has no address here")
        case CURLE_COULDNT_CONNECT: return HTTPSFailure(.notConnected, "nobody takes the connection")
        case CURLE_OPERATION_TIMEDOUT: return HTTPSFailure(.timedOut, "no answer came in time")
        case CURLE_PEER_FAILED_VERIFICATION: return HTTPSFailure(.untrusted, words)
        case CURLE_SSL_CONNECT_ERROR: return HTTPSFailure(.handshake, words)
        case CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_SETFAILED:
            return HTTPSFailure(.impossible, "this machine's OpenSSL has none of these suites")
        case CURLE_SSL_CACERT_BADFILE:
            return HTTPSFailure(
                .badAuthorities,
                "\(route.authorities ?? Route.systemAuthorities) holds no authorities that can be read"
            )
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            return HTTPSFailure(.broken, "the connection ended before the answer did")
        default:
            return HTTPSFailure(
                .failed,
                words.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : words
            )
        }
    }
}

/// Strings in the list that libcurl wants.
@safe
private final class TextList {
    // SAFETY: made in init, freed in deinit, read by libcurl in between.
    let pointer: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts { unsafe list = curl_slist_append(list, text) }
        unsafe pointer = list
    }

    deinit {
        unsafe curl_slist_free_all(pointer)
    }
}

/// Where libcurl writes why something failed.
@safe
private final class ErrorText {
    // SAFETY: allocated in init, freed in deinit; libcurl writes at most CURL_ERROR_SIZE bytes, and ends them by a NUL.
    let room: UnsafeMutablePointer<CChar>

    init() {
        unsafe room = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe room.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe room.deallocate()
    }

    var text: String { unsafe String(cString: room) }
}

// MARK: - Callbacks

/// CURLOPT_WRITEFUNCTION.
private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ observer: UnsafeMutableRawPointer?
) -> Int {
    guard let observer = unsafe observer else { return 0 }
    let observation = unsafe Unmanaged<Observation>.fromOpaque(observer).takeUnretainedValue()
    let part = unsafe UnsafeBufferPointer(
        start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self),
        count: size * count
    )
    return unsafe observation.take(body: part) ? size * count : 0
}

/// CURLOPT_HEADERFUNCTION.
private func takeLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ observer: UnsafeMutableRawPointer?
) -> Int {
    guard let observer = unsafe observer else { return 0 }
    let observation = unsafe Unmanaged<Observation>.fromOpaque(observer).takeUnretainedValue()
    unsafe observation.take(
        line: UnsafeBufferPointer(
            start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self),
            count: size * count
        )
    )
    return size * count
}

/// CURLOPT_SSL_CTX_FUNCTION: libcurl tells version and suite to nobody once a transfer is over.
private func observeHandshakes(
    _ handle: UnsafeMutableRawPointer?,
    _ context: UnsafeMutableRawPointer?,
    _ observer: UnsafeMutableRawPointer?
) -> CURLcode {
    let context = OpaquePointer(context)
    guard unsafe gateway_SSL_CTX_set_app_data(context, observer) == 1 else { return CURLE_OUT_OF_MEMORY }
    unsafe SSL_CTX_set_info_callback(context) { ssl, place, _ in
        guard place & SSL_CB_HANDSHAKE_DONE != 0, let ssl = unsafe ssl,
            let observer = unsafe gateway_SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl))
        else { return }
        unsafe Unmanaged<Observation>.fromOpaque(observer).takeUnretainedValue().agreed(ssl)
    }
    return CURLE_OK
}
