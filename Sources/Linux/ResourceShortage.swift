internal import Glibc

/// The machine or the process has too little of something, which may pass by itself.
package enum ResourceShortage {
    /// Whether an errno says so: no descriptor is left to the process or the machine, or no memory (accept(2)).
    package static func isMeant(by code: Int32) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }
}
