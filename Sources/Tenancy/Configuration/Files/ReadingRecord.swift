package import Configuration
package import Linux
internal import Synchronization

/// What some reading got from the disk, by which it is seen later whether a new reading would get the same.
///
/// Contents are compared, and not times or sizes, which a copy or a clock can leave as they were. The bytes are those
/// that the reading keeps anyway: they are there once.
package struct ReadingRecord: Sendable {
    private(set) var files: [String: FileContent] = [:]
    private(set) var folders: [String: FolderContent] = [:]

    /// What a file gave.
    struct FileContent: Equatable {
        /// Nil when it could not be read.
        let bytes: [UInt8]?
        /// Why not.
        let problem: DiskFile.Problem.Code?
        /// How many bytes were wanted at most.
        let bound: Int
    }

    /// What a folder gave.
    struct FolderContent: Equatable {
        /// The names that look like a tenant's; nil when it could not be read.
        let names: [String]?
        /// Why not.
        let problem: DiskFile.Problem.Code?
    }

    /// The paths of the files, those that are not there included.
    package var filePaths: [String] { Array(files.keys) }
    /// The paths of the folders, those that are not there included.
    package var folderPaths: [String] { Array(folders.keys) }

    /// A record of nothing.
    package init() {}

    /// Whether the disk holds the same now.
    package func isCurrent(in reader: some FileReader) -> Bool {
        folders.allSatisfy { FolderContent(of: $0.key, in: reader) == $0.value }
            && files.allSatisfy { FileContent(of: $0.key, atMost: $0.value.bound, in: reader) == $0.value }
    }

    fileprivate mutating func note(_ content: FileContent, of path: String) { files[path] = content }

    fileprivate mutating func note(_ content: FolderContent, of path: String) { folders[path] = content }
}

extension ReadingRecord.FileContent {
    fileprivate init(of path: String, atMost bound: Int, in reader: some FileReader) {
        do throws(DiskFile.Problem) {
            self.init(bytes: try reader.bytes(of: path, atMost: bound), problem: nil, bound: bound)
        } catch {
            self.init(bytes: nil, problem: error.code, bound: bound)
        }
    }
}

extension ReadingRecord.FolderContent {
    fileprivate init(of path: String, in reader: some FileReader) {
        do throws(DiskFile.Problem) {
            self.init(names: try reader.names(in: path))
        } catch {
            self.init(names: nil, problem: error.code)
        }
    }

    /// Editors' copies and other files that are nobody's come and go beside the tenants'.
    fileprivate init(names: [String]) {
        self.init(names: names.filter(GatewaySettings.TenantFolder.looks), problem: nil)
    }
}

/// Reads through another reader, and keeps a record of what it got.
package final class RecordingReader<Reader: FileReader>: FileReader {
    private let reader: Reader
    private let noted = Mutex(ReadingRecord())

    /// A record of what comes through this reader.
    package init(_ reader: Reader) {
        self.reader = reader
    }

    /// What was read so far.
    package var record: ReadingRecord { noted.withLock { $0 } }

    /// The names in a folder, sorted by bytes.
    package func names(in folder: String) throws(DiskFile.Problem) -> [String] {
        do throws(DiskFile.Problem) {
            let names = try reader.names(in: folder)
            noted.withLock { $0.note(.init(names: names), of: folder) }
            return names
        } catch {
            noted.withLock { $0.note(.init(names: nil, problem: error.code), of: folder) }
            throw error
        }
    }

    /// The bytes of a file.
    package func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8] {
        do throws(DiskFile.Problem) {
            let bytes = try reader.bytes(of: path, atMost: bound)
            noted.withLock { $0.note(.init(bytes: bytes, problem: nil, bound: bound), of: path) }
            return bytes
        } catch {
            noted.withLock { $0.note(.init(bytes: nil, problem: error.code, bound: bound), of: path) }
            throw error
        }
    }
}
