import Testing

@testable import SCIM

@Suite("References, RFC 7643 §2.3.7")
struct URIReferenceTests {
    @Test(arguments: [
        "https://example.com/v2/Users/2819c223?x=a%20b#c", "../Users/2819c223", "Users/2819c223",
        "urn:ietf:params:x",
        "https://example.com/fotografía", "data:image/png;base64,AAAA==",
    ])
    func `an absolute or relative URI is a reference`(text: String) {
        #expect(URIReference.isValid(text))
    }

    @Test(arguments: [
        "https://example.com/a b", " https://example.com", "https://example.com/\n", "a\tb", "a\u{0}b",
        "a\u{7F}",
        "a\u{85}b", "a\u{A0}b", "a\u{2028}b", "a\u{3000}b",
    ])
    func `white space and control characters are none of its letters`(text: String) {
        #expect(!URIReference.isValid(text))
    }
}
