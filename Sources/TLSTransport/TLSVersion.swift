internal import COpenSSL

/// A version of TLS that the gateway speaks.
///
/// Older ones do not exist here (RFC 8996).
package enum TLSVersion: String, Sendable, Comparable {
    /// TLS 1.2, RFC 5246.
    case tls12 = "TLSv1.2"
    /// TLS 1.3, RFC 8446.
    case tls13 = "TLSv1.3"

    /// The version as logs tell it: `1.3`.
    package var word: String {
        switch self {
        case .tls12: "1.2"
        case .tls13: "1.3"
        }
    }

    /// Older before newer.
    package static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.number < right.number
    }

    /// OpenSSL's number of it, the one on the wire.
    var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
