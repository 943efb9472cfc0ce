internal import Glibc

/// The locks of data roots that running processes hold, found from the processes: where the files lie need not be known.
package enum HeldLocks {
    /// The process that holds a lock and was started with this settings file; nil when none of this user is to be seen.
    ///
    /// proc_pid_fd(5): `/proc/PID/fd/N` is a link to an open file, and whoever opens it opens that file.
    package static func holder(startedWith settings: String) -> FileLock.Holder? {
        let wanted = SettingsPlace.name(of: settings)
        for process in names(in: "/proc").compactMap({ Int32($0) }) {
            let folder = "/proc/\(process)/fd"
            for descriptor in names(in: folder) {
                let path = "\(folder)/\(descriptor)"
                guard let file = PathTrail.target(ofLink: path), file.hasSuffix(suffix),
                    // One that cannot be opened, or is closed by now, is not this user's, or nobody's.
                    let holder = try? FileLock.holder(of: path),
                    holder.process == process, holder.settings == wanted
                else { continue }
                return holder
            }
        }
        return nil
    }

    private static func names(in folder: String) -> [String] {
        // Another user's descriptors cannot be listed, and a process that has just ended has none.
        (try? DiskFile.names(in: folder)) ?? []
    }

    /// What the name of every lock ends with.
    private static let suffix = "/LOCK"
}

/// The name by which two commands know that they mean the same settings file.
package enum SettingsPlace {
    /// The file's name in its real folder.
    ///
    /// Where the file itself is a link, what it leads to may be another file every day (a ConfigMap's), and it stays the
    /// same settings file.
    package static func name(of path: String) -> String {
        let (folder, name) = PathTrail.split(PathTrail.absolute(path))
        guard let place = unsafe realpath(folder.isEmpty ? "/" : folder, nil) else {
            return "\(folder)/\(name)"
        }
        defer { unsafe free(place) }
        let real = unsafe String(cString: place)
        return real == "/" ? "/\(name)" : "\(real)/\(name)"
    }
}
