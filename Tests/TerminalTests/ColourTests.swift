import Terminal
import Testing

@Suite("Colour: terminals, TERM, NO_COLOR and --no-color")
struct ColourTests {
    @Test(arguments: [["TERM": "xterm-256color"], ["TERM": "xterm", "NO_COLOR": ""]])
    func `a terminal that can has colours`(environment: [String: String]) {
        let colour = Colour(isTerminal: true, environment: environment, isSwitchedOff: false)

        #expect(colour.isOn)
        #expect(colour.paint("ended", .red) == "\u{1B}[31mended\u{1B}[0m")
    }

    @Test(arguments: [["TERM": "dumb"], [:], ["TERM": ""], ["TERM": "xterm", "NO_COLOR": "1"]])
    func `a terminal that cannot, or whose owner does not want it, has none`(environment: [String: String]) {
        let colour = Colour(isTerminal: true, environment: environment, isSwitchedOff: false)

        #expect(!colour.isOn)
        #expect(colour.paint("ended", .red) == "ended")
    }

    @Test func `a file has no colours, and a switch takes them from a terminal`() {
        let able = ["TERM": "xterm"]

        #expect(!Colour(isTerminal: false, environment: able, isSwitchedOff: false).isOn)
        #expect(!Colour(isTerminal: true, environment: able, isSwitchedOff: true).isOn)
    }

    @Test func `nothing is painted around nothing`() {
        let colour = Colour(isTerminal: true, environment: ["TERM": "xterm"], isSwitchedOff: false)

        #expect(colour.paint("", .red).isEmpty)
        #expect(colour.paint("x", nil) == "x")
    }
}
