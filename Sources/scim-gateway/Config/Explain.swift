import ArgumentParser
import Configuration
import Foundation
import Tenancy

/// `scim-gateway explain`: what a key is for.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what a key of the files is for, and what may be written.",
        discussion: """
            Without KEY: every key in one line. With a settings file it also tells what holds there.

            Example: scim-gateway explain limits.body
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The key, by its whole path or the end of it.")
    var key: String?

    func run() throws {
        guard let key else { return list() }
        let known = KnownKey.meant(by: key)
        guard !known.isEmpty else {
            let near = KnownKey.nearest(to: key).map { "; did you mean '\($0)'?" } ?? ""
            throw ValidationError("there is no key '\(key)'\(near) All keys: scim-gateway explain")
        }
        for (index, key) in known.enumerated() {
            if index > 0 { Output.result("") }
            for line in key.explanation { Output.result(line) }
            for value in try values(of: key) { Output.result("  now       \(value)") }
        }
    }

    /// What holds in the settings file, and where it says so; nothing without such a file, or for a tenant's keys.
    private func values(of key: KnownKey) throws -> [String] {
        guard key.file == .gateway, FileManager.default.fileExists(atPath: global.config) else { return [] }
        return try Settings.read(global).listing
            .filter { KnownKey.meant(by: $0.key).contains(key) }
            .map { "\($0.key): \($0.shownInForce)  (\($0.origin))" }
    }

    private func list() {
        for file in KnownKey.File.allCases {
            if file != .gateway { Output.result("") }
            let keys = KnownKey.all.filter { $0.file == file }
            for line in Output.aligned([[file.words, ""]] + keys.map { [$0.name, $0.doc] }) {
                Output.result(line)
            }
        }
    }
}
