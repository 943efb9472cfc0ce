import Foundation

/// What no file of the repository may hold: where it was built.
enum RepositoryText {
    /// Folders and the name of the machine that runs the tests, which may be the one that wrote the files.
    static let buildPlaces: [String] = {
        let parent = Repository.root.deletingLastPathComponent().path(percentEncoded: false)
        let home = NSHomeDirectory() + "/"
        // A short name, or one without a digit, may be a word of ours: "debian".
        let host = ProcessInfo.processInfo.hostName
        let tellsAMachine = host.count >= 8 && host.contains(where: \.isNumber)
        return [Repository.folder, parent, home].filter { $0.count > shortest }
            + (tellsAMachine ? [host] : [])
    }()

    /// `/tmp/` and `/src/` are words of ours.
    private static let shortest = 5

    /// The places that a text names, as offences by line.
    static func offences(in text: String, places: [String] = buildPlaces) -> [Offence] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            places.filter { line.contains($0) }.map {
                Offence(line: index + 1, words: "names a place of a machine: \($0)")
            }
        }
    }
}
