internal import COpenSSL

/// OpenSSL's error queue of the calling thread.
///
/// One queue serves every object that the thread works on: a reason left behind by one connection
/// would be read as the failure of the next. So: `clear` before a call whose result is inspected,
/// `drain` after it failed.
/// Source: ERR_get_error(3), SSL_get_error(3).
package enum OpenSSLErrorQueue {
    /// Empties the queue.
    package static func clear() {
        ERR_clear_error()
    }

    /// Empties the queue, oldest first.
    ///
    /// Shape: `["SSL routines: no shared cipher"]`. The texts are OpenSSL's fixed ones; the data
    /// that OpenSSL attaches to some of them (names of files, values) is left out on purpose.
    package static func drain() -> [String] {
        var reasons: [String] = []
        while reasons.count < Self.mostReasons {
            let code = ERR_get_error()
            if code == 0 { return reasons }
            reasons.append(sentence(of: code))
        }
        ERR_clear_error()
        return reasons
    }

    private static func sentence(of code: UInt) -> String {
        let library =
            unsafe ERR_lib_error_string(code).map { unsafe String(cString: $0) } ?? "unknown library"
        let reason =
            unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "reason \(code)"
        return "\(library): \(reason)"
    }

    /// Reasons kept of one failure, count.
    ///
    /// OpenSSL's own queue holds 16; the bound is ours, not borrowed.
    private static let mostReasons = 16
}
