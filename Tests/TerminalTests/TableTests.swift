import Terminal
import Testing

@Suite("Tables of the command line")
struct TableTests {
    @Test func `columns are aligned, figures at their end, and no line ends in white space`() {
        var table = Table(["TENANT", .figures("USERS"), "STATUS"])
        table.add(["contoso", "1,204", "active"])
        table.add(["northwind-gov", "312", ""])

        let lines = table.lines()

        #expect(
            lines == [
                "TENANT         USERS  STATUS",
                "contoso        1,204  active",
                "northwind-gov    312",
            ]
        )
    }

    @Test func `a wide column is shown in the wide form only`() {
        var table = Table(["ID", .wide("FROM"), "STATE"])
        table.add(["k7Qm2x4B", "file", "active"])

        #expect(table.lines() == ["ID        STATE", "k7Qm2x4B  active"])
        #expect(table.lines(isWide: true) == ["ID        FROM  STATE", "k7Qm2x4B  file  active"])
    }

    @Test func `a list of properties has no line of titles`() {
        var table = Table(["", ""])
        table.add(["state", "active"])
        table.add(["created", "2026-11-23"])

        #expect(table.lines() == ["state    active", "created  2026-11-23"])
    }

    @Test func `colour changes no column`() {
        let colour = Colour(isTerminal: true, environment: ["TERM": "xterm"], isSwitchedOff: false)
        var table = Table(["STATE", "ID"])
        table.add([.init("ended", .red), "k7Qm2x4B"])

        let lines = table.lines(colour: colour)

        #expect(
            lines == [
                "\u{1B}[1mSTATE\u{1B}[0m  \u{1B}[1mID\u{1B}[0m", "\u{1B}[31mended\u{1B}[0m  k7Qm2x4B",
            ]
        )
    }

    @Test func `what a client calls itself cannot write over the terminal or forge a line`() {
        var table = Table(["CLIENT", "ID"])
        table.add(["\u{1B}[2Jx\ny", "a"])

        #expect(table.lines().last == "\\u{1B}[2Jx\\u{A}y  a")
    }
}

@Suite("Text of unknown origin on a terminal")
struct ShownTextTests {
    @Test(arguments: [
        ("\u{1B}]0;x\u{7}", "\\u{1B}]0;x\\u{7}"), ("a\u{202E}b", "a\\u{202E}b"), ("a\u{9B}b", "a\\u{9B}b"),
    ])
    func `controls and switches of direction are written out`(text: String, shown: String) {
        #expect(ShownText.harmless(text) == shown)
    }

    @Test(arguments: ["Größe", "山田 太郎", "e\u{301}", "👩‍🚒", "تجربة"])
    func `any script stays as it is`(text: String) {
        #expect(ShownText.harmless(text) == text)
    }

    @Test(arguments: [("abc", 3), ("山田", 4), ("e\u{301}", 1), ("한국", 4), ("", 0)])
    func `East Asian characters take two columns, and marks none`(text: String, columns: Int) {
        #expect(ShownText.columns(of: text) == columns)
    }
}
