internal import CNGHTTP2

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
}
