import Crypto
import HTTPTransport
import Linux

/// What this program calls itself.
package enum ProgramVersion {
    /// The version, as in CHANGELOG.md.
    package static let text = "0.1.0"
    /// The commit that it was built from, or `unknown`.
    package static var revision: String { BuildRevision.text }
    /// The Swift that it was built by, as far as a program can tell it: `6.3`.
    package static var swift: String {
        #if compiler(>=6.5)
        "6.5 or later"
        #elseif compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }
}

/// The system libraries that the program runs with: what an operator must know when one has a flaw.
package enum LinkedLibraries {
    /// Name → version, as each library tells it at run time.
    package static var versions: [String: String] {
        ["OpenSSL": OpenSSLVersion.text, "nghttp2": HTTP2Library.version]
    }
}
