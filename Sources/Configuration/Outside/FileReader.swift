package import Linux

/// Where files come from: the disk, or a test's memory.
package protocol FileReader: Sendable {
    /// The names in a folder, sorted by bytes.
    ///
    /// - Throws: why the folder cannot be read.
    func names(in folder: String) throws(DiskFile.Problem) -> [String]

    /// The bytes of a file.
    ///
    /// - Throws: why the file cannot be read; `tooLarge` past the bound.
    func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8]
}

/// The disk.
///
/// Its calls block: not for an event loop.
package struct DiskFileReader: FileReader {
    /// Reads with the rights of this process.
    package init() {}

    /// The names in a folder, sorted by bytes.
    package func names(in folder: String) throws(DiskFile.Problem) -> [String] {
        try DiskFile.names(in: folder)
    }

    /// The bytes of a file.
    package func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8] {
        try DiskFile.bytes(of: path, atMost: bound)
    }
}
