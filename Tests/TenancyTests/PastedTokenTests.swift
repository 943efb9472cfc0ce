import Testing

@testable import Tenancy

@Suite("What people paste for a token")
struct PastedTokenTests {
    private static let token = "sgw_k7Qm2x4B_" + String(repeating: "a", count: 49)

    @Test(arguments: ["", "\n", "\r\n"])
    func `a token alone is nothing but itself, with or without the line break that ends its line`(
        _ end: String
    ) {
        let pasted = PastedToken(Self.token + end)

        #expect(pasted.text == Self.token && pasted.wrappings.isEmpty)
    }

    @Test(
        arguments: [
            ("Bearer TOKEN", [PastedToken.Wrapping.scheme]), ("bearer Bearer TOKEN", [.scheme]),
            (" TOKEN", [.whiteSpace]), ("TOKEN \n", [.whiteSpace]), ("TOKEN\n\n", [.whiteSpace]),
            ("\"TOKEN\"", [.quotes]), ("'TOKEN'\n", [.quotes]),
            ("\"Bearer  TOKEN\" ", [.whiteSpace, .quotes, .scheme]), ("\u{A0}TOKEN", [.whiteSpace]),
        ])
    func `what is around a token is taken away and told`(
        _ text: String,
        _ wrappings: [PastedToken.Wrapping]
    ) {
        let pasted = PastedToken(text.replacing("TOKEN", with: Self.token))

        #expect(pasted.text == Self.token)
        #expect(pasted.wrappings == wrappings)
    }

    @Test(arguments: ["", "\"", "Bearer", "''", "Bearer ", "\n\n"])
    func `where there is no token, none is left`(_ text: String) {
        #expect(!PastedToken(text).text.contains("sgw_"))
    }

    @Test func `what is inside a token stays there`() {
        #expect(PastedToken("sgw_k7Qm 2x4B").text == "sgw_k7Qm 2x4B")
    }
}
