import Foundation

/// The page about the program: every command as its own help tells it.
struct ManualOfCommands {
    private let root: CommandDescription

    /// Reads the parser's description of the commands.
    init(dump: String) throws {
        root = try JSONDecoder().decode(CommandDescription.Dump.self, from: Data(dump.utf8)).command
    }

    /// The page.
    var page: String {
        var page = ManualPage(root.commandName, section: 1, title: "SCIM 2.0 gateway for many customers")
        page.heading("SYNOPSIS")
        page.paragraph("scim-gateway COMMAND [OPTION...] [ARGUMENT...]")
        page.heading("DESCRIPTION")
        page.paragraph([root.abstract, root.discussion].compactMap { $0 }.joined(separator: "\n\n"))
        page.heading("OPTIONS OF MANY COMMANDS")
        let shared = sharedNames
        var told: Set<String> = []
        for argument in root.all.flatMap(\.ownArguments) where shared.contains(argument.term) {
            if told.insert(argument.term).inserted { page.item(argument.term, [argument.words]) }
        }
        page.heading("COMMANDS")
        add(root, below: [], leavingOut: shared, to: &page)
        page.heading("SEE ALSO")
        page.paragraph("gateway.yaml(5), tenant.yaml(5)")
        return page.text
    }

    /// What so many commands take that it is told once.
    private var sharedNames: Set<String> {
        let terms = root.all.flatMap { $0.ownArguments.map { "\($0.term)\n\($0.words)" } }
        let counts = Dictionary(grouping: terms) { $0 }.filter {
            $0.value.count >= Self.many && $0.key.hasPrefix("-")
        }
        return Set(counts.keys.compactMap { $0.split(separator: "\n").first.map(String.init) })
    }

    /// Commands that an option has to be an option of before it is told once for all.
    private static let many = 5

    private func add(
        _ command: CommandDescription,
        below path: [String],
        leavingOut shared: Set<String>,
        to page: inout ManualPage
    ) {
        for sub in command.shown {
            let way = path + [sub.commandName]
            page.subheading(way.joined(separator: " "))
            page.paragraph([sub.abstract, sub.discussion].compactMap { $0 }.joined(separator: "\n\n"))
            for argument in sub.ownArguments where !shared.contains(argument.term) {
                page.item(argument.term, [argument.words])
            }
            add(sub, below: way, leavingOut: shared, to: &page)
        }
    }
}

/// A command as the parser describes it (`--experimental-dump-help`).
struct CommandDescription: Decodable {
    /// Its own word.
    let commandName: String
    /// What it is for.
    let abstract: String?
    /// More about it.
    let discussion: String?
    private let shouldDisplay: Bool?
    private let arguments: [Argument]?
    private let subcommands: [CommandDescription]?

    /// The whole description.
    struct Dump: Decodable {
        /// The program's own command.
        let command: CommandDescription
    }

    /// One argument, option or flag.
    struct Argument: Decodable {
        /// `positional`, `option` or `flag`.
        let kind: String
        private let shouldDisplay: Bool
        private let names: [Name]?
        private let valueName: String?
        private let defaultValue: String?
        private let allValues: [String]?
        private let abstract: String?

        /// One of its names.
        struct Name: Decodable {
            /// `short` or `long`.
            let kind: String
            /// Without dashes.
            let name: String

            /// With dashes.
            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        /// `-c, --config <config>`.
        var term: String {
            guard let names, !names.isEmpty else { return "<\(valueName ?? "")>" }
            let value = kind == "option" ? " <\(valueName ?? "")>" : ""
            return names.map(\.text).joined(separator: ", ") + value
        }

        /// What it is for, its values and its default.
        var words: String {
            let values = allValues.map { "Values: \($0.joined(separator: ", "))." }
            let fallback = defaultValue.map { "(default: \($0))" }
            return [abstract, values, fallback].compactMap { $0 }.joined(separator: " ")
        }

        /// Whether it is of this program, and for people.
        var isOwn: Bool { shouldDisplay && !["help", "version"].contains(names?.last?.name ?? "") }
    }

    /// Its arguments, without those that every command has.
    var ownArguments: [Argument] { (arguments ?? []).filter(\.isOwn) }

    /// Its commands that are for people.
    var shown: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// The command and all below it.
    var all: [CommandDescription] { [self] + shown.flatMap(\.all) }
}
