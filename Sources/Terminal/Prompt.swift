/// A question to the person at the terminal; nobody is asked where nobody sits.
package struct Prompt {
    /// Whether somebody can be asked.
    package let isPossible: Bool
    private let write: (String) -> Void
    private let read: () -> String?

    /// Nobody can be asked, or the answer was not the one that was wanted.
    package struct Refused: Error, Equatable {
        /// What was refused, and what to write instead.
        package let sentence: String

        /// A refusal.
        package init(sentence: String) {
            self.sentence = sentence
        }
    }

    /// Questions by a stream that people read, and answers by one that they write.
    ///
    /// `isTerminal` tells that stdin and stderr both are terminals, `isSwitchedOff` is `--no-input`.
    package init(
        isTerminal: Bool,
        isSwitchedOff: Bool,
        write: @escaping (String) -> Void,
        read: @escaping () -> String?
    ) {
        isPossible = isTerminal && !isSwitchedOff
        self.write = write
        self.read = read
    }

    /// Asks for one line; `instead` is what a script writes, such as `--confirm contoso`.
    ///
    /// - Throws: ``Refused`` when nobody can be asked, or when the answer is the end of input.
    package func ask(_ question: String, instead: String) throws(Refused) -> String {
        guard isPossible else {
            throw Refused(sentence: "nobody can be asked here: no terminal, or --no-input; write \(instead)")
        }
        write(question + " ")
        guard let answer = read() else { throw Refused(sentence: "no answer came; nothing is done") }
        return answer
    }

    /// Asks for a name to be typed, before what cannot be undone.
    ///
    /// - Throws: ``Refused`` as ``ask(_:instead:)``, and for any other answer: upper case and spaces count.
    package func confirm(_ name: String, _ question: String, instead: String) throws(Refused) {
        let answer = try ask("\(question) Type \(name) to go on:", instead: instead)
        guard answer.utf8.elementsEqual(name.utf8) else {
            throw Refused(sentence: "that is not \(name); nothing is done")
        }
    }
}
