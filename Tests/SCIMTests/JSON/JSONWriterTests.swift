import Testing

@testable import SCIM

@Suite("JSON writer")
struct JSONWriterTests {
    @Test func `commas stand between members and elements only`() {
        var json = JSONWriter()

        json.beginObject()
        json.member("a", "x")
        json.member("b", true)
        json.member("c", -7)
        json.member("d", strings: [])
        json.member("e", strings: ["1", "2"])
        json.name("f")
        json.beginArray()
        json.beginObject()
        json.endObject()
        json.json(Array("{\"g\":1}".utf8))
        json.value(.null)
        json.value(.number(JSONNumber(text: "1.5")))
        json.endArray()
        json.endObject()

        #expect(
            text(json.bytes) == #"{"a":"x","b":true,"c":-7,"d":[],"e":["1","2"],"f":[{},{"g":1},null,1.5]}"#
        )
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), ("\"\\/", #""\"\\/""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1F}", #""\u0000\u001f""#), ("é👩‍🚀\u{202E}\u{7F}", "\"é👩‍🚀\u{202E}\u{7F}\""),
    ])
    func `a string is escaped where JSON demands it and nowhere else`(string: String, written: String) {
        var json = JSONWriter()

        json.string(string)

        #expect(json.bytes == Array(written.utf8))
    }

    @Test(arguments: ["plain", "", "$ref", "\"\\", "a\nb", "\u{e9}"])
    func `a name that is quoted once is written as one that is quoted each time`(name: String) {
        var (once, eachTime) = (JSONWriter(), JSONWriter())

        for number in [0, 9, 10, 99, 100, 999, 1_000, -1] {
            once.member(JSONName(name), number)
            eachTime.member(name, number)
            once.member(JSONName(name), "\(number)")
            eachTime.member(name, "\(number)")
            once.member(JSONName(name), "\"\(number)")
            eachTime.member(name, "\"\(number)")
        }

        #expect(once.bytes == eachTime.bytes)
        #expect(text(eachTime.bytes).contains(":0,") && text(eachTime.bytes).contains(":99,"))
        #expect(text(eachTime.bytes).contains(":100,") && text(eachTime.bytes).contains(":999,"))
        #expect(text(eachTime.bytes).contains(":1000,") && text(eachTime.bytes).contains(":-1,"))
    }

    @Test func `a string that ends like an open container still gets its comma`() {
        var json = JSONWriter()

        json.beginArray()
        for string in ["{", "[", ":", ","] { json.string(string) }
        json.endArray()

        #expect(text(json.bytes) == #"["{","[",":",","]"#)
    }

    @Test func `every ASCII character is read back as it was written`() throws {
        let characters = String((1..<128).map { Character(Unicode.Scalar($0)) })
        var json = JSONWriter()

        json.string(characters)

        #expect(try JSONReader.read(json.bytes) == .string(characters))
    }

    @Test func `a string in pieces is one string`() {
        var json = JSONWriter()

        json.beginArray()
        json.string("https://x", "/Users", "/", "a\"b")
        json.string("", "", "", "")
        json.endArray()

        #expect(text(json.bytes) == #"["https://x/Users/a\"b",""]"#)
    }

    @Test func `raw text gets no comma of its own`() {
        var json = JSONWriter()

        json.raw("{\"a\":")
        json.string("x")
        json.raw(",")
        json.member("b", 1)
        json.raw("}")

        #expect(text(json.bytes) == #"{"a":"x","b":1}"#)
    }
}
