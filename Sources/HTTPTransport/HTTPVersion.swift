/// What a client has agreed to speak.
package enum HTTPVersion: Equatable, Sendable {
    /// HTTP/1.1, and 1.0.
    case one
    /// HTTP/2.
    case two

    /// The version for an application protocol; nil when the client did not ask.
    package init(alpn: String?) {
        self = alpn == Self.two.name ? .two : .one
    }

    /// Its name in ALPN (RFC 9113 §3.1, RFC 7301 §6).
    package var name: String {
        switch self {
        case .one: "http/1.1"
        case .two: "h2"
        }
    }

    /// What a listener offers, preferred first.
    package static let offered: [HTTPVersion] = [.two, .one]
}
