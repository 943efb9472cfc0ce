internal import Glibc

/// Who is at the other end of a Unix socket, as the kernel noted it when the peer connected
/// (unix(7), SO_PEERCRED).
///
/// Its layout is the kernel's `struct ucred`, three numbers of 32 bits, so that getsockopt(2) can
/// fill it.
package struct PeerCredentials: Sendable, Equatable {
    /// The name of the socket option that gives it, at the socket's own level: `SO_PEERCRED`.
    package static let socketOption = SO_PEERCRED
    /// The peer's process id at that time.
    package let process: Int32
    /// Its effective user id.
    package let user: UInt32
    /// Its effective group id.
    package let group: UInt32

    /// Credentials as the kernel gave them.
    package init(process: Int32, user: UInt32, group: UInt32) {
        self.process = process
        self.user = user
        self.group = group
    }

    /// Whether the peer may use the admin socket: it is root, or has the user id given.
    package func isRootOr(_ user: UInt32) -> Bool {
        self.user == 0 || self.user == user
    }
}
