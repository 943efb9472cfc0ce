import Testing

@testable import Gateway

@Suite("CSV, RFC 4180")
struct CSVTableTests {
    private static let columns = ["userName", "givenName", "familyName"]

    @Test func `columns are found by name, in any order and case, and rows know their line`() throws {
        let text =
            "FamilyName,userName\r\n\"Lovelace, Countess\",ada@example.com\r\n\r\n\"two\nlines\",b@example.com\n\"\"\"q\"\"\",c@example.com"

        let table = try CSVTable(text, columns: Self.columns)

        #expect(table.rows.map(\.line) == [2, 4, 6])
        #expect(
            table.rows.map(\.values) == [
                ["ada@example.com", "", "Lovelace, Countess"], ["b@example.com", "", "two\nlines"],
                ["c@example.com", "", "\"q\""],
            ]
        )
    }

    @Test func `a byte order mark is passed over`() throws {
        #expect(try CSVTable("\u{FEFF}userName\na@example.com\n", columns: Self.columns).rows.count == 1)
    }

    @Test(arguments: [
        ("", 1), ("givenName\nAda", 1), ("userName,shoeSize\na,44", 1),
        ("userName,givenName\na@example.com", 2),
        ("userName\n\"open", 2), ("userName\n\"a\"b\n", 2),
    ])
    func `a damaged file is refused with its line`(text: String, line: Int) {
        let damage = #expect(throws: CSVTable.Damage.self) { try CSVTable(text, columns: Self.columns) }

        #expect(damage?.line == line)
    }
}
