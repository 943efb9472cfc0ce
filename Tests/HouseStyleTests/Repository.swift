import Foundation

/// The files of this repository, read once.
enum Repository {
    /// The folder that holds `Package.swift`.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Its path, with a slash at the end.
    static let folder = root.path(percentEncoded: false)

    /// Every Swift file below `Sources` and `Tests`.
    static let swiftFiles = SourceFile.below("Sources") + SourceFile.below("Tests")

    /// Every text file that a clone holds, with its path from the root.
    static let textFiles: [(path: String, text: String)] = paths(below: "").compactMap { path in
        // What is not UTF-8 is no text: pictures and fixtures of bytes are left out.
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
            return nil
        }
        return (path, text)
    }

    /// Paths of files below a folder, from the root; without what builds and test runs leave behind.
    static func paths(below folder: String) -> [String] {
        let top = folder.isEmpty ? root : root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(atPath: top.path(percentEncoded: false)) else {
            return []
        }
        var found: [String] = []
        while let path = walk.nextObject() as? String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if leftBehind.contains(name) || name.hasPrefix(".build") {
                walk.skipDescendants()
            } else if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                found.append(folder.isEmpty ? path : folder + "/" + path)
            }
        }
        return found.sorted()
    }

    private static let leftBehind: Set<String> = [
        ".git", ".demo", ".test", ".swiftpm", "__pycache__", "Package.resolved", "results.json",
    ]
}

/// One Swift file.
struct SourceFile {
    /// The path from the repository's root: `Sources/SCIM/JSON/JSONValue.swift`.
    let path: String
    /// The text, taken apart.
    let text: SwiftText

    /// The target that the path belongs to: `SCIM`.
    var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    /// Whether the file is no test: it belongs to the product, or to the benchmarks, which keep its rules.
    var isSource: Bool { path.hasPrefix("Sources/") || path.hasPrefix("Tests/Benchmarks/") }

    /// A file with this content: the real ones, and the samples that prove the rules.
    init(path: String, content: String) {
        self.path = path
        self.text = SwiftText(content)
    }

    /// The Swift files of a folder; one that cannot be read is an empty file, which a test finds.
    static func below(_ folder: String) -> [SourceFile] {
        Repository.paths(below: folder).filter { $0.hasSuffix(".swift") }.map { path in
            // An unreadable file shows in the test that every source file has a line.
            let content = try? String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
            return SourceFile(path: path, content: content ?? "")
        }
    }
}

/// One rule of the house, and what it finds in a file.
struct HouseRule: Sendable, CustomStringConvertible {
    /// The rule in words, and why.
    let name: String
    /// The places that break it.
    let check: @Sendable (SourceFile) -> [Offence]

    var description: String { name }

    /// What breaks the rule in these files, as `path:line: words`.
    func offences(in files: [SourceFile]) -> [String] {
        files.flatMap { file in check(file).map { "\(file.path):\($0.line): \($0.words)" } }
    }
}

/// A place that breaks a rule.
struct Offence: Sendable, Equatable {
    /// 1-based.
    let line: Int
    /// What is wrong there.
    let words: String
}

extension SwiftText {
    /// An offence for each line that holds the piece of code, unless the line is fine.
    func offences(_ piece: String, _ words: String, unless isFine: (Int) -> Bool = { _ in false })
        -> [Offence]
    {
        indices(of: piece).filter { !isFine($0) }.map { Offence(line: $0 + 1, words: words) }
    }
}
