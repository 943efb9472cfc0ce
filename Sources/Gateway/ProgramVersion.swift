import Crypto
import HTTPTransport

/// What this program calls itself.
package enum ProgramVersion {
    /// The version, as in CHANGELOG.md.
    package static let text = "0.1.0"
}

/// The system libraries that the program runs with: what an operator must know when one has a flaw.
package enum LinkedLibraries {
    /// Name → version, as each library tells it at run time.
    package static var versions: [String: String] {
        ["OpenSSL": OpenSSLVersion.text, "nghttp2": HTTP2Library.version]
    }
}
