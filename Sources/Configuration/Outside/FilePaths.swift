/// Paths as a file means them: relative ones count from the folder that the file is in, not from
/// where the program was started.
package struct FilePaths {
    private let folder: String

    /// The paths that a file of that path holds.
    package init(of file: String) {
        folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    }

    /// The path from where the program was started, or an absolute one.
    package func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : folder + path
    }

    /// The same, of a path with its place.
    package func resolve(_ path: Placed<String>) -> Placed<String> {
        Placed(resolve(path.value), at: path.place)
    }
}
