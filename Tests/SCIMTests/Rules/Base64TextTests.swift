import Testing

@testable import SCIM

@Suite("Binary values, RFC 7643 §2.3.6 and RFC 4648 §4")
struct Base64TextTests {
    @Test(arguments: ["", "QQ==", "QUI=", "QUJD", "QUJDRA==", "QQ", "QUI", "QUJDRA", "+/+/", "AZaz09+/"])
    func `whole groups of four are base64, and padding may be left out`(text: String) {
        #expect(Base64Text.isValid(text))
    }

    @Test(arguments: [
        "Q", "QUJDR", "Q=", "Q==", "Q===", "QQ=", "QQ===", "QUI==", "QUJD=", "QUJD====", "=", "====",
        "QQ==QQ==", "Q=Q=",
        "QU-_", "QU JD", "QUJD\n", "QÜJD", "QU.D",
    ])
    func `other texts are not`(text: String) {
        #expect(!Base64Text.isValid(text))
    }
}
