/// Notes under way: each name once for each kind, and all of them counted.
package struct NoteTally: Sendable {
    /// The notes, in the order of their first mention.
    package private(set) var notes: [Note] = []
    /// How often anything was noted.
    package private(set) var mentions = 0
    private var places: [Place: Int] = [:]
    private var unknownNames = 0

    /// What has one note.
    ///
    /// Names are ASCII here, so `String` compares them byte by byte.
    private struct Place: Hashable {
        let kind: Note.Kind
        let name: String
    }

    /// Nothing noted yet.
    package init() {}

    /// Notes a name.
    ///
    /// One that no schema knows is the client's own text: it is kept when it looks like a name, so
    /// that nothing else gets into a log.
    package mutating func note(_ kind: Note.Kind, _ name: String) {
        add(Note(kind, Self.isName(name) ? name : Self.noName))
    }

    /// Takes what another step of the same request has noted.
    package mutating func add(_ note: Note) {
        mentions += note.count
        let place = place(of: note)
        if let index = places[place] {
            notes[index] = Note(note.kind, place.name, count: notes[index].count + note.count)
        } else {
            places[place] = notes.count
            notes.append(Note(note.kind, place.name, count: note.count))
        }
    }

    /// Where it is counted: under its own name, or with the further ones when too many are unknown.
    private mutating func place(of note: Note) -> Place {
        let place = Place(kind: note.kind, name: note.attribute)
        guard note.kind == .unknown, places[place] == nil else { return place }
        guard unknownNames < NoteLimits.unknownNames else {
            return Place(kind: .unknown, name: Self.furtherNames)
        }
        unknownNames += 1
        return place
    }

    /// What stands for a text that is no name.
    private static let noName = "(a name that is none)"
    /// What stands for the unknown names past ``NoteLimits/unknownNames``.
    private static let furtherNames = "(further names)"

    /// Whether a text can be shown as a name: `urn:example:2.0:User:name.part`.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= NoteLimits.nameBytes && text.utf8.allSatisfy(isOfName)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch TextOrder.asciiLowercased(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
