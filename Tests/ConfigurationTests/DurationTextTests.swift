import Configuration
import Testing

@Suite("Durations in commands")
struct DurationTextTests {
    @Test(
        arguments: [
            ("365d", 31_536_000), ("12h", 43_200), ("90s", 90), ("0s", 0), ("1m", 60),
        ] as [(String, Int64)]
    )
    func `a duration is a number with its unit`(_ text: String, _ seconds: Int64) throws {
        #expect(try DurationText.duration(text) == .seconds(seconds))
    }

    @Test(arguments: [
        ("365", "needs a unit"), ("d", "no duration"), ("-1d", "no duration"), ("1y", "no unit of time"),
    ])
    func `what is none is told with the units there are`(_ text: String, _ words: String) {
        let problem = #expect(throws: DurationText.Problem.self) { try DurationText.duration(text) }

        #expect(problem?.sentence.contains(words) == true)
    }

    @Test(
        arguments: [
            (14 * 86_400, "14 days"), (86_400, "1 day"), (86_401, "86401 seconds"), (7_200, "2 hours"),
            (60, "1 minute"), (1, "1 second"), (0, "0 seconds"),
        ] as [(Int64, String)]
    )
    func `a duration is said in the largest unit that holds it whole`(_ seconds: Int64, _ words: String) {
        #expect(DurationText.words(.seconds(seconds)) == words)
    }
}
