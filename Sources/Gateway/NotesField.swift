import HTTPTypes
import SCIM

/// `SCIM-Notes`: what a request asked for that was not stored, as a dictionary of RFC 9651.
///
/// ```
/// SCIM-Notes: dropped="title emails", already-so="active", unknown=2
/// ```
/// Names that a schema knows are told, each once. A name that none knows was chosen by the client, and is only counted.
/// What the bound leaves out is counted as `more`.
enum NotesField {
    /// The field's name.
    static let name: HTTPField.Name = {
        // A constant of ours that is a valid field name (RFC 9110 §5.1), so parsing it cannot fail.
        // swift-format-ignore: NeverForceUnwrap
        HTTPField.Name("SCIM-Notes")!
    }()

    /// The field's value, at most ``GatewayLimits/notesFieldBytes``; nil when there is nothing to say.
    static func value(of notes: [Note]) -> String? {
        guard !notes.isEmpty else { return nil }
        let names = [Note.Kind.dropped, .alreadySo].flatMap { kind in notes.filter { $0.kind == kind } }
        let unknown = notes.count(of: .unknown)
        var told = names.count
        while true {
            let value = value(of: names.prefix(told), unknown: unknown, more: names.count - told)
            guard value.utf8.count > GatewayLimits.notesFieldBytes, told > 0 else { return value }
            told -= 1
        }
    }

    /// The members in order; names of schemas hold nothing that a string of RFC 9651 §3.3.3 must escape.
    private static func value(of names: ArraySlice<Note>, unknown: Int, more: Int) -> String {
        var members: [String] = []
        for kind in [Note.Kind.dropped, .alreadySo] {
            let told = names.filter { $0.kind == kind }.map(\.attribute)
            if !told.isEmpty { members.append("\(kind.word)=\"\(told.joined(separator: " "))\"") }
        }
        if unknown > 0 { members.append("unknown=\(unknown)") }
        if more > 0 { members.append("more=\(more)") }
        return members.joined(separator: ", ")
    }
}

extension Note.Kind {
    /// The word for it in the field and in the log: a key of RFC 9651 §3.1.2.
    var word: String {
        switch self {
        case .dropped: "dropped"
        case .unknown: "unknown"
        case .alreadySo: "already-so"
        }
    }
}

extension [Note] {
    /// How often the request made a note of that kind.
    func count(of kind: Note.Kind) -> Int {
        reduce(0) { $1.kind == kind ? $0 + $1.count : $0 }
    }
}
