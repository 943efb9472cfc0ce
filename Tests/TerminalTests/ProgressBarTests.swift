import Terminal
import Testing

@Suite("Progress of a long work")
struct ProgressBarTests {
    private let start = ContinuousClock.now

    @Test func `a bar is written over, tells the rest, and leaves its line at the end`() {
        var bar = ProgressBar("importing", total: 10_000, form: .bar(columns: 80), start: start)

        let half = bar.text(done: 5_000, now: start.advanced(by: .seconds(7)))
        let end = bar.end()

        #expect(
            half
                == "\rimporting  [################                 ]  50 %  5,000 of 10,000  7 s left\u{1B}[K"
        )
        #expect(end == "\n")
        #expect(bar.end() == nil)
    }

    @Test func `a bar is not drawn twice within a tenth of a second, except when all is done`() {
        var bar = ProgressBar("x", total: 10, form: .bar(columns: 80), start: start)
        #expect(bar.text(done: 1, now: start) != nil)

        #expect(bar.text(done: 2, now: start.advanced(by: .milliseconds(99))) == nil)
        #expect(bar.text(done: 3, now: start.advanced(by: .milliseconds(100))) != nil)
        #expect(bar.text(done: 10, now: start.advanced(by: .milliseconds(101))) != nil)
    }

    @Test(arguments: [20, 30, 40, 80, 200])
    func `a bar never fills its line`(columns: Int) throws {
        var bar = ProgressBar("importing", total: 1_000_000, form: .bar(columns: columns), start: start)

        let drawn = bar.text(done: 999_999, now: start.advanced(by: .seconds(99)))

        let text = try #require(drawn)
        #expect(text.dropFirst().dropLast("\u{1B}[K".count).count < columns)
    }

    @Test func `elsewhere each tenth is a line, once`() {
        var bar = ProgressBar("importing", total: 1_000, form: .lines, start: start)

        let lines = stride(from: 0, through: 1_000, by: 50).compactMap { bar.text(done: $0, now: start) }

        #expect(lines.count == 10)
        #expect(lines.first == "importing  10 %  100 of 1,000\n")
        #expect(lines.last == "importing  100 %  1,000 of 1,000\n")
        #expect(bar.end() == nil)
    }

    @Test func `no work is done at once`() {
        var bar = ProgressBar("importing", total: 0, form: .lines, start: start)

        #expect(bar.text(done: 0, now: start) == "importing  100 %  0 of 0\n")
    }

    @Test func `the form comes from the stream`() {
        let able = ["TERM": "xterm", "COLUMNS": "100"]

        #expect(ProgressBar.Form(isTerminal: true, environment: able, isQuiet: false) == .bar(columns: 100))
        #expect(
            ProgressBar.Form(isTerminal: true, environment: ["TERM": "xterm"], isQuiet: false)
                == .bar(columns: 80)
        )
        #expect(ProgressBar.Form(isTerminal: true, environment: ["TERM": "dumb"], isQuiet: false) == .lines)
        #expect(ProgressBar.Form(isTerminal: false, environment: able, isQuiet: false) == .lines)
        #expect(ProgressBar.Form(isTerminal: true, environment: able, isQuiet: true) == .silent)
    }
}

@Suite("Figures")
struct FigureTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_204, "-1,204"),
        (-999, "-999"),
    ])
    func `thousands are apart`(number: Int, text: String) {
        #expect(Figure.text(number) == text)
    }
}
