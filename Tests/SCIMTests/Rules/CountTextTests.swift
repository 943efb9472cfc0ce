import SCIM
import Testing

@Suite("Numbers with their nouns")
struct CountTextTests {
    @Test(arguments: [(0, "0 learners"), (1, "1 learner"), (2, "2 learners"), (-1, "-1 learners")])
    func `one is said in the singular, and nothing else is`(count: Int, words: String) {
        #expect(CountText.words(count, "learner") == words)
    }

    @Test(arguments: [(1, "1 entry"), (2, "2 entries")])
    func `a noun may bring its plural`(count: Int, words: String) {
        #expect(CountText.words(count, "entry", plural: "entries") == words)
    }
}
