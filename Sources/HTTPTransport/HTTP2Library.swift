internal import CNGHTTP2
internal import HTTPTypes

/// The nghttp2 library that this process is linked with.
package enum HTTP2Library {
    /// Its version as text, "1.52.0".
    ///
    /// Fixes that Debian brings back do not change it.
    package static var version: String {
        // nghttp2_version(3) answers NULL only for a library older than the asked number; 0 asks for any.
        guard let library = unsafe nghttp2_version(0), let text = unsafe library.pointee.version_str else {
            return "unknown"
        }
        return unsafe String(cString: text)
    }

    /// What to tell the client when a call of the library failed for good.
    static func errorCode(for failure: Int32) -> HTTP2ErrorCode {
        switch failure {
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: .protocolError
        case NGHTTP2_ERR_FLOODED.rawValue, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue: .enhanceYourCalm
        default: .internalError
        }
    }
}
