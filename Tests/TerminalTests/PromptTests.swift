import Terminal
import Testing

@Suite("Questions to the person at the terminal")
struct PromptTests {
    @Test(arguments: [(false, false), (false, true), (true, true)])
    func `nobody is asked where nobody sits, or with --no-input`(isTerminal: Bool, isSwitchedOff: Bool) {
        let prompt = Prompt(
            isTerminal: isTerminal,
            isSwitchedOff: isSwitchedOff,
            write: { _ in Issue.record("something was asked") },
            read: {
                Issue.record("an answer was waited for")
                return "contoso"
            }
        )

        #expect(
            throws: Prompt.Refused(
                sentence: "nobody can be asked here: no terminal, or --no-input; write --confirm contoso"
            )
        ) { try prompt.confirm("contoso", "All of it goes.", instead: "--confirm contoso") }
    }

    @Test func `the name itself is the only yes`() throws {
        try prompt(answering: "contoso").confirm("contoso", "All of it goes.", instead: "--confirm contoso")
    }

    @Test(arguments: ["Contoso", "contoso ", "yes", ""])
    func `any other answer is a no`(answer: String) {
        #expect(throws: Prompt.Refused(sentence: "that is not contoso; nothing is done")) {
            try prompt(answering: answer).confirm("contoso", "All of it goes.", instead: "--confirm contoso")
        }
    }

    @Test func `the end of input is a no`() {
        #expect(throws: Prompt.Refused(sentence: "no answer came; nothing is done")) {
            try prompt(answering: nil).ask("Which?", instead: "--which")
        }
    }

    private func prompt(answering answer: String?) -> Prompt {
        Prompt(isTerminal: true, isSwitchedOff: false, write: { _ in }, read: { answer })
    }
}
