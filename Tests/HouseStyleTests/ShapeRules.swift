/// Shape: house style 1 and 8, and names.
enum ShapeRules {
    static let all = [fileLength, functionLength, noPublic, typeNames, fileNames]

    private static let longestFile = 500
    private static let longestFunction = 70

    static let fileLength = HouseRule(name: "a file has at most 500 lines") { file in
        let count = file.text.lines.count - (file.text.lines.last?.code.isEmpty == true ? 1 : 0)
        return count > longestFile ? [Offence(line: count, words: "\(count) lines: split it by notion")] : []
    }

    static let functionLength = HouseRule(name: "a function has at most 70 lines") { file in
        file.text.declarations.compactMap { declaration in
            guard ["func", "init", "deinit", "subscript", "var"].contains(declaration.keyword),
                let end = declaration.end,
                case let length = end - declaration.index + 1, length > longestFunction
            else { return nil }
            return Offence(
                line: declaration.index + 1,
                words: "\(declaration.name) has \(length) lines: control flow above, leaves below"
            )
        }
    }

    static let noPublic = HouseRule(name: "nothing is public: package between targets, private within a file")
    { file in
        file.text.declarations.filter { !Set($0.modifiers).isDisjoint(with: ["public", "open"]) }
            .map { Offence(line: $0.index + 1, words: "\($0.keyword) \($0.name) is public") }
    }

    static let typeNames = HouseRule(
        name: "a type's name says what it is, not that it manages, helps or holds data"
    ) { file in
        file.text.declarations.filter { types.contains($0.keyword) && !foreignTerms.keys.contains($0.name) }
            .compactMap { declaration in
                let words = camelWords(declaration.name)
                let banned =
                    words.filter(bannedAnywhere.contains) + words.suffix(1).filter(bannedLast.contains)
                guard let word = banned.first else { return nil }
                return Offence(
                    line: declaration.index + 1,
                    words: "\(declaration.name): '\(word)' says nothing"
                )
            }
    }

    static let fileNames = HouseRule(name: "no file or folder for leftovers") { file in
        file.path.dropLast(".swift".count).split(separator: "/").filter { leftovers.contains(String($0)) }
            .map { Offence(line: 1, words: "'\($0)' is where things go that have no place") }
    }

    private static let types = ["struct", "class", "enum", "actor", "protocol", "typealias"]
    private static let bannedAnywhere: Set<String> = ["Helper", "Helpers", "Util", "Utils", "Impl"]
    private static let bannedLast: Set<String> = [
        "Manager", "Base", "Data", "Info", "Context", "Service", "Provider", "Common",
    ]
    /// Names that others gave: name → whose word it is.
    private static let foreignTerms = [
        "LibraryContext": "OpenSSL's OSSL_LIB_CTX",
        "TLSServerContext": "OpenSSL's SSL_CTX",
    ]
    private static let leftovers: Set<String> = ["Utils", "Util", "Common", "Helpers", "Extensions", "Misc"]

    /// `TLSServerContext` → `TLS`, `Server`, `Context`.
    static func camelWords(_ name: String) -> [String] {
        let letters = Array(name)
        var words: [String] = []
        for (index, letter) in letters.enumerated() {
            let isStart =
                letter.isUppercase
                && (index == 0 || !letters[index - 1].isUppercase
                    || (index + 1 < letters.count && letters[index + 1].isLowercase))
            if isStart || words.isEmpty { words.append("") }
            words[words.count - 1].append(letter)
        }
        return words
    }
}
