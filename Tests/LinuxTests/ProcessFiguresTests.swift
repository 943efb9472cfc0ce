import Testing

@testable import Linux

@Suite("What the process takes of the machine")
struct ProcessFiguresTests {
    private static func stat(_ name: String) -> String {
        "42 (\(name)) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 1000 123456 77 18446744073709551615 1 1\n"
    }

    @Test(arguments: ["scim-gateway", "a (b) 1 2", ")"])
    func `the figures are found behind whatever the program is called`(name: String) throws {
        let figures = try #require(ProcessFigures(stat: Self.stat(name), openFiles: 5))

        #expect(figures.virtualBytes == 123_456 && figures.residentBytes % 77 == 0)
        #expect(figures.residentBytes > 0 && figures.cpuMilliseconds > 0 && figures.openFiles == 5)
    }

    @Test(arguments: ["", "42 (x", "42 (x) S 1 2 3", "42 (x) S a b c d e f g h i j k l m n o p q r s t u v"])
    func `what is no such text tells nothing`(text: String) {
        #expect(ProcessFigures(stat: text, openFiles: nil) == nil)
    }

    @Test func `this process has memory, descriptors and a beginning`() throws {
        let figures = try #require(ProcessFigures.current())
        let later = try #require(ProcessFigures.current())

        #expect(figures.residentBytes > 1 << 20 && figures.virtualBytes >= figures.residentBytes)
        #expect((figures.openFiles ?? 0) >= 3 && (figures.mostOpenFiles ?? 0) > figures.openFiles ?? 0)
        #expect(figures.startedSeconds > 1_700_000_000 && figures.startedSeconds == later.startedSeconds)
        #expect(later.cpuMilliseconds >= figures.cpuMilliseconds)
    }
}
