/// Documentation: house style 25 and 28.
enum DocumentationRules {
    static let all = [packageDeclarations, types, nothingLeftOpen]

    static let packageDeclarations = HouseRule(name: "what other targets see is documented") { file in
        guard file.isSource else { return [] }
        return file.text.declarations.filter {
            $0.isPackage && !["import", "extension"].contains($0.keyword)
        }
        .filter { !file.text.isDocumented(at: $0.index) }
        .map { Offence(line: $0.index + 1, words: "\($0.keyword) \($0.name) has no doc comment") }
    }

    static let types = HouseRule(name: "every type of the product says what it is") { file in
        guard file.isSource else { return [] }
        let kinds = ["struct", "class", "enum", "actor", "protocol"]
        return file.text.declarations
            .filter {
                kinds.contains($0.keyword) && !$0.modifiers.contains("private")
                    && !file.text.isDocumented(at: $0.index)
            }
            .map { Offence(line: $0.index + 1, words: "\($0.keyword) \($0.name) has no doc comment") }
    }

    static let nothingLeftOpen = HouseRule(name: "nothing is left open in a comment") { file in
        file.text.lines.indices.filter { index in
            SwiftText.tokens(of: file.text.lines[index].comment).contains {
                ["TODO", "FIXME", "XXX", "HACK"].contains($0)
            }
        }
        .map { Offence(line: $0 + 1, words: "say what is missing in the changelog, or do it") }
    }
}

extension SwiftText {
    /// Whether a doc comment stands above the line; attributes and plain comments may be in between.
    func isDocumented(at index: Int) -> Bool {
        var above = index - 1
        while above >= 0 {
            if lines[above].isDocumentation { return true }
            guard
                lines[above].isComment || lines[above].tokens.first == "@" || lines[above].tokens.first == "#"
            else {
                return false
            }
            above -= 1
        }
        return false
    }
}
