/// What a client offers a server in a handshake, in the words of OpenSSL's own lists.
package struct TLSOffer: Sendable, Equatable {
    /// The only version that is offered; nil is 1.2 and 1.3.
    package let version: Version?
    /// The suites; empty is all that OpenSSL has.
    package let suites: [String]

    /// A version of TLS.
    package enum Version: String, Sendable, CaseIterable {
        /// RFC 2246, which nobody should speak (RFC 8996).
        case tls10 = "TLSv1"
        /// RFC 4346, which nobody should speak (RFC 8996).
        case tls11 = "TLSv1.1"
        /// RFC 5246.
        case tls12 = "TLSv1.2"
        /// RFC 8446.
        case tls13 = "TLSv1.3"
    }

    /// What an up-to-date client offers.
    package static let ordinary = TLSOffer(version: nil)

    /// An offer of that version with these suites.
    package init(version: Version?, suites: [String] = []) {
        self.version = version
        self.suites = suites
    }
}
