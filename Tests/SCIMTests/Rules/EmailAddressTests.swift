import Testing

@testable import SCIM

@Suite("E-mail addresses of the learner set")
struct EmailAddressTests {
    @Test(arguments: [
        "ada@example.com", "a@b", "Ada.Lovelace+x@EXAMPLE.COM", "o'brien@example.com", "李@例え.jp",
        "ada_ex#EXT#@x.onmicrosoft.com",
        "👩‍🚀@example.com", "e\u{301}@example.com", "a<b>@example.com",
    ])
    func `one at sign with text around it is an address, in any script`(text: String) {
        #expect(EmailAddress.isValid(text))
    }

    @Test(arguments: [
        "", " ", "@", "plain", "@example.com", "ada@", "a@b@example.com", "a b@example.com",
        "ada@exam ple.com", " ada@example.com",
        "ada@example.com\n", "ada\t@example.com", "ada\u{A0}@example.com", "ada\u{3000}@example.com",
        "ada\u{2028}@example.com",
        "ada\u{0}@example.com", "ada\u{7F}@example.com", "ada\u{85}@example.com", "\"ada\"@example.com",
        "ada@example.com\"",
    ])
    func `anything else is not`(text: String) {
        #expect(!EmailAddress.isValid(text))
    }
}
