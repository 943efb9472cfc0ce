/// Tests: house style 37.
enum TestRules {
    static let all = [sentences, suiteTitles]

    static let sentences = HouseRule(name: "a test's name is a sentence about behaviour") { file in
        let lines = file.text.lines
        return file.text.declarations.filter { declaration in
            guard declaration.keyword == "func" else { return false }
            let isTest = ([declaration.index] + attributeLines(above: declaration.index, lines)).contains {
                !SwiftText.positions(of: ["@", "Test"], in: lines[$0].tokens).isEmpty
            }
            return isTest && !declaration.name.allSatisfy { $0 == "_" }
        }
        .map { Offence(line: $0.index + 1, words: "\($0.name): write a sentence in backticks") }
    }

    static let suiteTitles = HouseRule(name: "a suite's title says what it is about") { file in
        file.text.indices(of: "@Suite").filter { index in
            SwiftText.positions(of: ["@", "Suite", "(", "\""], in: file.text.lines[index].tokens).isEmpty
        }
        .map { Offence(line: $0 + 1, words: "a suite needs a title: @Suite(\"PATCH, RFC 7644 §3.5.2\")") }
    }

    /// The lines of attributes directly above a declaration; an attribute's arguments may take several lines.
    private static func attributeLines(above index: Int, _ lines: [SwiftText.Line]) -> [Int] {
        var found: [Int] = []
        var above = index - 1
        while above >= 0, !lines[above].tokens.isEmpty, !["}", "{"].contains(lines[above].tokens.last ?? "") {
            found.append(above)
            if lines[above].tokens.first == "@" { break }
            above -= 1
        }
        return found
    }
}
