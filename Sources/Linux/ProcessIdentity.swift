internal import Glibc

/// What the kernel calls this process.
package enum ProcessIdentity {
    /// Its process id.
    package static var own: Int32 { getpid() }
}
