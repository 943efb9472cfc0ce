internal import CLinux

/// How many descriptors the process may have open (RLIMIT_NOFILE, getrlimit(2)).
package struct ProcessLimits: Sendable, Equatable {
    /// Descriptors that may be open now.
    package let openFiles: Int
    /// As far as the process may raise that itself.
    package let openFilesCeiling: Int

    /// Reads the limits.
    ///
    /// - Throws: what getrlimit(2) gave.
    package static func current() throws(SystemError) -> ProcessLimits {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        let code = unsafe gateway_open_files(&soft, &hard)
        guard code == 0 else { throw SystemError(call: "getrlimit", code: code) }
        return ProcessLimits(openFiles: Int(clamping: soft), openFilesCeiling: Int(clamping: hard))
    }

    /// Raises the number of open files to the ceiling and tells what holds then.
    ///
    /// Login shells and systemd give 1,024 by default, which a gateway with some hundred open
    /// tenants exceeds; the low number is only there for programs that still call select(2), and
    /// none of ours does.
    ///
    /// - Throws: what setrlimit(2) gave; the limits are then as before.
    package static func raiseOpenFiles() throws(SystemError) -> ProcessLimits {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        var code = unsafe gateway_open_files(&soft, &hard)
        guard code == 0 else { throw SystemError(call: "getrlimit", code: code) }
        if soft < hard {
            code = gateway_set_open_files(hard, hard)
            guard code == 0 else { throw SystemError(call: "setrlimit", code: code) }
        }
        return try current()
    }
}
