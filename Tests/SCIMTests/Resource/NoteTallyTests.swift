import Testing

@testable import SCIM

@Suite("Notes under way")
struct NoteTallyTests {
    @Test func `a name has one note for each kind, which counts its mentions`() {
        var tally = NoteTally()

        for _ in 0..<3 { tally.note(.alreadySo, "active") }
        tally.note(.dropped, "active")
        tally.note(.alreadySo, "title")

        #expect(
            tally.notes == [
                Note(.alreadySo, "active", count: 3), Note(.dropped, "active"), Note(.alreadySo, "title"),
            ]
        )
        #expect(tally.mentions == 5)
    }

    @Test func `an unknown name that has a note is counted there, also when there is no room for others`() {
        var tally = NoteTally()
        for number in 0..<NoteLimits.unknownNames { tally.note(.unknown, "x\(number)") }

        tally.note(.unknown, "x7")
        tally.note(.unknown, "new")
        tally.note(.unknown, "newer")

        #expect(tally.notes[7] == Note(.unknown, "x7", count: 2))
        #expect(tally.notes.last == Note(.unknown, "(further names)", count: 2))
        #expect(tally.notes.count == NoteLimits.unknownNames + 1)
    }

    @Test func `texts that are no names are counted as one`() {
        var tally = NoteTally()

        tally.note(.unknown, "bob@example.com")
        tally.note(.unknown, "two words")

        #expect(tally.notes == [Note(.unknown, "(a name that is none)", count: 2)])
    }

    @Test func `the notes of several steps are joined without losing one`() {
        let joined = Note.joined(
            [Note(.dropped, "title"), Note(.unknown, "x", count: 2)],
            [],
            [Note(.dropped, "title", count: 4), Note(.alreadySo, "active")]
        )

        #expect(
            joined == [
                Note(.dropped, "title", count: 5), Note(.unknown, "x", count: 2), Note(.alreadySo, "active"),
            ]
        )
    }
}
