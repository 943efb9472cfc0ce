import ArgumentParser
import Tenancy

/// `scim-gateway explain`: what a key is for.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what a key of gateway.yaml or of a tenant file is for, and what may be written.",
        discussion: """
            Without KEY: every key in one line.

            Example: scim-gateway explain limits.body
            """
    )

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
        }
    }

    private func list() {
        for file in KnownKey.File.allCases {
            if file != .gateway { Output.result("") }
            let keys = KnownKey.all.filter { $0.file == file }
            Output.table([file.words, ""], keys.map { [$0.name, $0.doc] })
        }
    }
}
