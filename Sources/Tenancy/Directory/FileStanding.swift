/// A tenant's file that is not in force as it is on disk, and what serves instead.
package struct FileStanding: Sendable, Equatable, CustomStringConvertible {
    /// The file's name in the folder.
    package let file: String
    /// The tenant that goes on as it was; nil when nothing of the file was ever in force.
    package let tenant: Tenant.ID?
    /// What is the matter with the file.
    package let state: State
    /// The generation that the version in force came with; nil when there is none.
    package let generation: Int?

    /// What is the matter with a file.
    package enum State: String, Sendable {
        /// It cannot be used as it is.
        case refused
        /// It is not there any more, and too many others are not, either.
        case gone
    }

    /// `file refused, generation 41 serves`.
    package var description: String {
        "file \(state.rawValue), \(generation.map { "generation \($0) serves" } ?? "nothing serves")"
    }
}
