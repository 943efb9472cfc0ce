import Testing

@testable import Transfer

@Suite("CSV, RFC 4180")
struct CSVReaderTests {
    private static let columns = ["userName", "givenName", "familyName"]

    private func rows(_ text: String, columns: [String] = columns) throws -> [CSVReader.Row] {
        var reader = try CSVReader(Array(text.utf8), columns: columns)
        var rows: [CSVReader.Row] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    @Test func `columns are found by name, in any order and case, and rows know their line`() throws {
        let text =
            "FamilyName,userName\r\n\"Lovelace, Countess\",ada@example.com\r\n\r\n\"two\nlines\",b@example.com\n\"\"\"q\"\"\",c@example.com"

        let rows = try rows(text)

        #expect(rows.map(\.line) == [2, 4, 6])
        #expect(
            rows.map(\.values) == [
                ["ada@example.com", "", "Lovelace, Countess"], ["b@example.com", "", "two\nlines"],
                ["c@example.com", "", "\"q\""],
            ]
        )
    }

    @Test func `a byte order mark is passed over`() throws {
        #expect(try rows("\u{FEFF}userName\na@example.com\n").count == 1)
    }

    @Test(arguments: [
        ("", 1), ("givenName\nAda", 1), ("userName,shoeSize\na,44", 1), ("userName,USERNAME\na,b", 1),
        ("userName,givenName\na@example.com", 2),
        ("userName\n\"open", 2), ("userName\n\"a\"b\n", 2),
    ])
    func `a damaged file is refused with its line`(text: String, line: Int) {
        let damage = #expect(throws: CSVReader.Damage.self) { try rows(text) }

        #expect(damage?.line == line)
    }

    @Test func `bytes that are no UTF-8 are refused, not mended`() throws {
        var reader = try CSVReader(Array("userName\n".utf8) + [0x61, 0xC3, 0x28], columns: ["userName"])

        let damage = #expect(throws: CSVReader.Damage.self) { _ = try reader.next() }

        #expect(damage?.line == 2)
    }

    @Test func `a field of the limit is taken, and one with a byte more is refused`() throws {
        let limit = TransferLimits.fieldBytes
        for text in [
            String(repeating: "a", count: limit), "\"" + String(repeating: "a", count: limit) + "\"",
        ] {
            #expect(try rows("userName\n\(text)\n").first?.values[0].utf8.count == limit)
        }

        let damage = #expect(throws: CSVReader.Damage.self) {
            try rows("userName\nb\n" + String(repeating: "a", count: limit + 1))
        }

        #expect(damage?.line == 3)
    }
}

@Suite("Fields that a spreadsheet would run")
struct CSVTextTests {
    @Test(arguments: ["=1+1", "+49 30", "-2", "@cmd", "\t=x", "\rx", "'=1", "''+", "'-", "=\"a\",b\n"])
    func `a field that would be a formula gets an apostrophe, and comes back as it was`(field: String) throws
    {
        let guarded = CSVText.guarded(field)

        #expect(guarded == "'" + field && CSVText.unguarded(guarded) == field)
        let text = "userName\r\n" + CSVText.line([field])
        var reader = try CSVReader(Array(text.utf8), columns: ["userName"])
        let read = try #require(try reader.next()?.values.first)
        #expect(CSVText.unguarded(read) == field)
    }

    @Test(arguments: ["", "a=b", "'t Hooft", "'", "''", "O'Neil", "1-2", "ada@example.com", " =x"])
    func `any other field stays as it is, on the way out and in`(field: String) {
        #expect(CSVText.guarded(field) == field && CSVText.unguarded(field) == field)
    }
}
