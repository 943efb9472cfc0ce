/// Why a connection was closed before TLS began.
enum PreludeRefusal: String, Sendable {
    /// It does not come from one of the load balancers, and nobody else may come in here.
    case proxyNotTrusted = "proxy_not_trusted"
    /// A load balancer did not say who is behind it.
    case proxyHeaderMissing = "proxy_header_missing"
    /// What a load balancer said is no header of the PROXY protocol.
    case proxyHeaderMalformed = "proxy_header_malformed"
    /// Not enough came in time to know whom the client wants.
    case tooLate = "too_late"
    /// More came than a ClientHello has.
    case tooLong = "too_long"
}
