internal import CLinux
internal import Glibc
internal import Synchronization

/// Notes that something happens in folders (inotify(7)).
///
/// Folders, and not files: an editor puts another file in the place of the old one, and a Kubernetes volume another
/// symbolic link; both are events of the folder, and a watch of the file would look at what nobody reads any more.
/// What happened is not told: who is told that something did looks for himself.
package final class Inotify: Sendable {
    private let descriptor: Int32
    /// The kernel's number for each folder.
    private let watched = Mutex<[String: Int32]>([:])

    /// Folders that cannot be watched, with the reason.
    package typealias Refused = [String: SystemError]

    /// What decides which bytes a name leads to: it appears, goes, is replaced, was written and closed, or may be read
    /// by others than before.
    ///
    /// Not each write: a file that is still being written is not worth reading.
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR
    )
    /// Bytes taken at once: room for an event with the longest name (NAME_MAX), and for some sixty usual ones.
    private static let bufferBytes = 4_096
    /// Reads of one call, so that a folder where something happens all the time does not hold the caller.
    private static let readsAtOnce = 64

    /// Watches nothing yet.
    ///
    /// - Throws: what inotify_init1(2) gave, such as EMFILE past `fs.inotify.max_user_instances`.
    package init() throws(SystemError) {
        descriptor = gateway_inotify()
        guard descriptor >= 0 else { throw SystemError(call: "inotify_init1", code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Watches these folders and no others, each as it is now at its path.
    ///
    /// Cheap for those that are watched already; a folder that was replaced is watched in its new place.
    package func watch(only folders: Set<String>) -> Refused {
        watched.withLock { watched in
            var refused: Refused = [:]
            var present: [String: Int32] = [:]
            for folder in folders {
                let number = unsafe inotify_add_watch(descriptor, folder, Self.events)
                if number >= 0 {
                    present[folder] = number
                } else {
                    refused[folder] = SystemError(call: "inotify_add_watch", object: folder, code: errno)
                }
            }
            for number in Set(watched.values).subtracting(present.values) {
                // Refused only for a watch that went with its folder.
                inotify_rm_watch(descriptor, number)
            }
            watched = present
            return refused
        }
    }

    /// Whether something happened since the last call.
    ///
    /// Never waits.
    package func takeEvents() -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        var isStirred = false
        for _ in 0..<Self.readsAtOnce {
            guard unsafe read(descriptor, &buffer, buffer.count) > 0 else { break }
            isStirred = true
        }
        return isStirred
    }
}
