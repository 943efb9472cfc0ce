package import Linux

/// A folder as it would be with one file more, or with one that says something else: for checks before anything is written.
package struct AddedFile: FileReader {
    private let path: String
    private let content: [UInt8]
    private let disk: any FileReader

    /// What the disk holds, and this file.
    package init(path: String, content: [UInt8], on disk: any FileReader) {
        self.path = path
        self.content = content
        self.disk = disk
    }

    /// The names in a folder, sorted by bytes, the file's among them.
    package func names(in folder: String) throws(DiskFile.Problem) -> [String] {
        let names = try disk.names(in: folder)
        guard let slash = path.lastIndex(of: "/"), path[..<slash] == folder[...] else { return names }
        let name = String(path[path.index(after: slash)...])
        guard !names.contains(name) else { return names }
        return (names + [name]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The bytes of a file.
    package func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8] {
        path == self.path ? content : try disk.bytes(of: path, atMost: bound)
    }
}
