internal import Glibc

/// The user whose rights the process has.
package struct EffectiveUser: Sendable, Equatable, CustomStringConvertible {
    /// The user id.
    package let id: UInt32
    /// The user's name; nil when the system knows none for the id.
    package let name: String?

    /// The effective user of this process (geteuid(2)).
    package static var current: EffectiveUser {
        EffectiveUser(id: geteuid())
    }

    /// The user of that id.
    package init(id: UInt32) {
        self.id = id
        name = Self.name(of: id)
    }

    /// `uid 998 (scim-gateway)`.
    package var description: String {
        "uid \(id)\(name.map { " (\($0))" } ?? "")"
    }

    /// The name of the effective group of this process (getegid(2)), or its number.
    package static var currentGroup: String { groupName(of: getegid()) }

    /// The name of a group; its number when the system knows none.
    static func groupName(of id: UInt32) -> String {
        var entry = unsafe group()
        var found: UnsafeMutablePointer<group>?
        var text = [CChar](repeating: 0, count: LinuxLimits.userEntryBytes)
        guard unsafe getgrgid_r(id, &entry, &text, text.count, &found) == 0, let found = unsafe found else {
            return String(id)
        }
        return unsafe String(cString: found.pointee.gr_name)
    }

    private static func name(of id: UInt32) -> String? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: LinuxLimits.userEntryBytes)
        guard unsafe getpwuid_r(id, &entry, &text, text.count, &found) == 0, let found = unsafe found else {
            return nil
        }
        return unsafe String(cString: found.pointee.pw_name)
    }
}

/// Bounds of this target.
package enum LinuxLimits {
    /// Bytes for one entry of the user database: glibc suggests 1 KiB; directory services give
    /// longer ones.
    package static let userEntryBytes = 16_384
    /// Bytes read of a lock file: a pid, a socket path of at most 107 bytes, and a path of at most PATH_MAX.
    package static let lockFileBytes = 4_096 + 512
    /// Entries read of one folder, so that a wrong path cannot fill the memory.
    package static let folderEntries = 50_000
}
