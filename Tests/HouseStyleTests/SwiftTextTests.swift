import Testing

@Suite("House style: reading Swift") struct SwiftTextTests {
    @Test(arguments: [
        ("let a = \"b // c\"  // d", "let a = \"      \"  ", "// d"),
        ("a /* b /* c */ d */ e", "a  e", "/* b /* c */ d */"),
        ("let a = #\"b\"c\\(\"#", "let a =  \"     \"#", ""),
        ("f(\"\\(g(\"h\"))i\")", "f(\"  g(\" \")  \")", ""),
        ("func `a { b`() {", "func ______() {", ""),
        ("let a = \"\\\"b\"", "let a = \"   \"", ""),
    ])
    func `code is told apart from comments and strings`(source: String, code: String, comment: String) {
        let text = SwiftText(source)

        #expect(text.lines.map(\.code) == [code])
        #expect(text.lines.map(\.comment) == [comment])
    }

    @Test func `a string of several lines keeps the count of lines`() {
        let text = SwiftText("let a = \"\"\"\n    b \"c\" {\n    \"\"\"\nlet d = 1")

        #expect(text.lines.count == 4)
        #expect(text.lines[3].tokens == ["let", "d", "=", "1"])
        #expect(text.literals.map(\.line) == [1])
    }

    @Test func `declarations know what they stand in and where they end`() {
        let text = SwiftText(
            """
            package enum A: String {
                case b = "{", c
                func d(e: () -> Void = {}) {
                    let f = 1
                }
                package var g: Int { 1 }
            }
            """
        )
        let found = text.declarations

        #expect(found.map(\.name) == ["A", "b", "d", "f", "g"])
        #expect(found.map(\.isPackage) == [true, true, false, false, true])
        #expect(found.map(\.end) == [6, nil, 4, nil, 5])
    }
}
