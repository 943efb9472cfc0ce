import Linux
import Testing

@Suite("Pages of the program", .serialized)
struct ProgramPagesTests {
    @Test func `pages that are given back leave memory, and come again with what they held`() {
        let before = ProgramPages.residentBytes
        let words = Self.words

        ProgramPages.giveBack()
        let after = ProgramPages.residentBytes

        // What other tests of this process use meanwhile is mapped again, and is not all of it.
        #expect(after < before, "\(before) bytes, then \(after)")
        #expect(words.map(\.utf8.count) == [5, 4, 3] && words == Self.words)
    }

    /// A constant in the program's file.
    private static var words: [String] { ["seven", "five", "two"] }
}
