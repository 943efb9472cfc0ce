import ArgumentParser
import Gateway
import Terminal

/// `scim-gateway version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the version and the linked libraries.",
        discussion: "Example: scim-gateway version -o json"
    )

    @OptionGroup var form: FormOptions

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let versions = Versions(
            version: ProgramVersion.text,
            revision: ProgramVersion.revision,
            swift: ProgramVersion.swift,
            libraries: LinkedLibraries.versions
        )
        guard form.output != .name else { return Output.result(versions.version) }
        try form.show(versions) {
            ["scim-gateway \(versions.version) (\(versions.revision))", "Swift \(versions.swift)"]
                + versions.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        }
    }

    /// What runs here.
    private struct Versions: Encodable {
        let version: String
        let revision: String
        let swift: String
        let libraries: [String: String]
    }
}
