import Testing

@testable import SCIM

@Suite("How text is compared")
struct TextOrderTests {
    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "A", false), ("a", "ab", false),
        ("\u{E9}", "e\u{301}", false),
    ])
    func `same bytes are the same text and nothing else is`(left: String, right: String, isSame: Bool) {
        #expect(TextOrder.isSameBytes(left, right) == isSame)
    }

    @Test(arguments: [
        ("userName", "USERNAME", true), ("a", "b", false), ("é", "É", false), ("[", "{", false),
        ("@", "`", false), ("", "", true), ("a", "", false),
        ("[a", "{a", false), ("urn:x:2.0:User", "URN:X:2.0:uSER", true),
    ])
    func `names differ by ASCII case at most`(left: String, right: String, isSame: Bool) {
        #expect(TextOrder.isSameName(left.utf8, right.utf8) == isSame)
        #expect(TextOrder.isSameName(left, right) == isSame)
    }

    @Test(arguments: [("a", "b"), ("", "a"), ("Z", "a"), ("z", "é"), ("\u{FFFF}", "\u{10000}")])
    func `text sorts by its UTF-8 bytes`(left: String, right: String) {
        #expect(TextOrder.isBefore(left, right))
        #expect(!TextOrder.isBefore(right, left))
        #expect(!TextOrder.isBefore(left, left))
    }
}
