import ArgumentParser
import Foundation
import Operations
import SCIM
import Transfer

/// `tenant import TENANT FILE`.
struct TenantImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Fill an empty tenant from a file of tenant export: ids, versions, members and owners stay.",
        discussion: """
            The tenant's file must be there already, under the same profile and with the same groups. Connections that it lacks \
            are made; give each a token: scim-gateway token create TENANT/CONNECTION. The whole file is checked before \
            anything is stored. An import that was cut off is gone on with by --resume.

            Example: scim-gateway tenant import contoso contoso.jsonl --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name here; it may be another one than there.")
    var tenant: String

    @Argument(help: "The file.", completion: .file(extensions: ["jsonl"]))
    var file: String

    @Flag(help: "The tenant may hold what a part of the same file left. (default: off)")
    var resume = false

    @Flag(help: "Check everything, and store nothing. (default: off)")
    var dryRun = false

    func run() async throws {
        let (header, count) = try checked()
        var connections: [String] = []
        var (resources, members) = (0, 0)
        var progress = Progress(dryRun ? "checking" : "importing", total: count)
        do {
            defer { progress.end() }
            try await Desk.work(global) { desk in
                _ = try await desk.importTenant(self.order(header))
                var reader = try ArchiveFile(file)
                _ = try reader.next(self.told)
                while case let part = try reader.part(self.told), !part.lines.isEmpty {
                    var next = self.order(header)
                    (next.firstLine, next.lines) = (part.first, part.lines)
                    let answer = try await desk.importTenant(next)
                    connections += answer.connections
                    resources += answer.resources
                    members += answer.members
                    progress.show(part.first + part.lines.count - 1)
                }
            }
        }
        let done = dryRun ? "would be stored" : "stored"
        let stored = CountText.words(resources, "user, group or record", plural: "users, groups and records")
        Output.note("\(stored) and \(CountText.words(members, "member")) \(done).")
        for name in connections {
            Output.note("connection \(name) \(dryRun ? "would be made" : "is made"); it has no token yet")
            if !dryRun { Output.note("  next: scim-gateway token create \(tenant)/\(name)") }
        }
    }

    /// Reads the file to its end; gives its header, and how many lines there are.
    private func checked() throws -> (header: String, count: Int) {
        var reader = try ArchiveFile(file)
        guard let first = try reader.next(told) else {
            throw told(.init(line: 1, reason: "the file is empty"))
        }
        var last = ArchiveLine.end(lines: 0)
        var count = 1
        do throws(ArchiveDamage) {
            _ = try ArchiveHeader(reading: Array(first.utf8))
        } catch {
            throw told(error)
        }
        while let line = try reader.next(told) {
            count += 1
            if case .end = last, count > 2 {
                throw told(.init(line: count, reason: "something follows the last line of the archive"))
            }
            do throws(ArchiveDamage) {
                last = try ArchiveLine(reading: Array(line.utf8), line: count)
            } catch {
                throw told(error)
            }
        }
        guard case .end(count) = last else {
            throw told(
                .init(
                    line: count,
                    reason: "the archive is cut: its last line, which counts the lines, is not there"
                )
            )
        }
        return (first, count)
    }

    private func order(_ header: String) -> AdminMessages.ImportTenant {
        AdminMessages.ImportTenant(tenant: tenant, header: header, isResumed: resume, isDryRun: dryRun)
    }

    private func told(_ damage: ArchiveDamage) -> Failure {
        Failure("\(file):\(damage.line): \(damage.reason); nothing was stored", .failure)
    }
}

/// An archive on the disk, read line by line: it may be larger than the memory.
private struct ArchiveFile {
    private let file: FileHandle
    private var waiting: [UInt8] = []
    private var start = 0
    private var line = 0
    private var isAtEnd = false

    init(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Failure("\(path) cannot be read", .failure)
        }
        self.file = file
    }

    /// The next line without its end; nil at the end.
    mutating func next(_ told: (ArchiveDamage) -> Failure) throws -> String? {
        while true {
            if let end = waiting[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return try text(waiting[start..<end], told)
            }
            guard !isAtEnd else {
                guard start < waiting.count else { return nil }
                defer { start = waiting.count }
                return try text(waiting[start...], told)
            }
            guard waiting.count - start <= TransferLimits.archiveLineBytes else {
                let reason = "the line has more than \(TransferLimits.archiveLineBytes) bytes"
                throw told(.init(line: line + 1, reason: reason))
            }
            let part = try file.read(upToCount: 1 << 16) ?? Data()
            isAtEnd = part.isEmpty
            waiting.removeFirst(start)
            start = 0
            waiting.append(contentsOf: part)
        }
    }

    /// The next lines, so many as travel at once, and the number of the first; none at the end.
    mutating func part(_ told: (ArchiveDamage) -> Failure) throws -> (first: Int, lines: [String]) {
        var lines: [String] = []
        var bytes = 0
        let first = line + 1
        while lines.count < TransferLimits.linesAtOnce, bytes < TransferLimits.bytesAtOnce,
            let next = try next(told)
        {
            lines.append(next)
            bytes += next.utf8.count
        }
        return (first, lines)
    }

    private mutating func text(_ bytes: ArraySlice<UInt8>, _ told: (ArchiveDamage) -> Failure) throws
        -> String
    {
        line += 1
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw told(.init(line: line, reason: "the line is not UTF-8 text"))
        }
        return text
    }
}
