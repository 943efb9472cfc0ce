import HTTPTypes
import Testing

@testable import Gateway

@Suite("Fields of a request as text, RFC 9110 §5.3")
struct HTTPFieldsTextTests {
    @Test(arguments: [
        [], [("If-Match", "W/\"1\"")], [("accept", ""), ("if-match", "")],
        [("If-Match", "W/\"1\""), ("Accept", "*/*"), ("IF-MATCH", "W/\"2\"")],
        [("Accept", "a/b"), ("Accept", "c/d"), ("Accept", "e/f")],
        [("Cookie", "a=1"), ("Cookie", "b=2")],
    ])
    func `a field is what the subscript gives, however often it is there`(_ sent: [(String, String)]) throws {
        var fields = HTTPFields()
        for (name, value) in sent {
            fields.append(HTTPField(name: try #require(.init(name)), value: value))
        }

        for name in [HTTPField.Name.ifMatch, .accept, .cookie, .userAgent] {
            #expect(fields.text(of: name) == fields[name])
        }
    }
}
