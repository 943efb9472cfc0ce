import ArgumentParser
import Configuration
import Tenancy
import Terminal

extension Config {
    /// `config show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the settings, with what the environment says instead of the file.",
            discussion: """
                Secrets are «set». Exit code 78 when the file cannot be used.

                Example: scim-gateway config show --effective --origin
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Flag(help: "Show defaults, too, and that ${env:…} and ${file:…} are set. (default: as written)")
        var effective = false

        @Flag(help: "Show where each value comes from: file and line, variable, or default. (default: off)")
        var origin = false

        func run() throws {
            let rows = try Settings.read(global).listing
                .filter { effective || $0.origin != .fallback }
                .map {
                    Row(
                        key: $0.key,
                        value: effective ? $0.shownInForce : $0.shown,
                        origin: origin ? $0.origin.description : nil
                    )
                }
            try form.show(rows, names: \.key, columns: ["KEY", "VALUE"] + (origin ? ["ORIGIN"] : [])) { row in
                [.init(row.key), .init(row.value)] + (row.origin.map { [.init($0)] } ?? [])
            }
        }

        /// One value.
        private struct Row: Encodable {
            let key: String
            let value: String
            let origin: String?
        }
    }
}
