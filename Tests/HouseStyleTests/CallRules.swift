/// Calls that are forbidden, each with its reason: house style 16, 24, 32 and 45.
enum CallRules {
    static let all =
        forbidden.map(\.rule) + [
            printing, uncheckedFailures, silentFailures, emptyCatch, looseTasks, builtSQL, localeCase,
        ]

    /// A piece of code, why it is forbidden, and where it is not.
    private struct Forbidden {
        let piece: String
        let reason: String
        /// Paths that may hold it.
        var exceptions: [String] = []
        /// Whether tests may hold it.
        var isFineInTests = false

        var rule: HouseRule {
            let (piece, reason, exceptions, isFineInTests) = (
                self.piece, self.reason, self.exceptions, self.isFineInTests
            )
            return HouseRule(name: "no \(piece)") { file in
                guard file.isSource || !isFineInTests,
                    !exceptions.contains(where: { file.path.hasPrefix($0) })
                else { return [] }
                return file.text.offences(piece, "\(piece): \(reason)")
            }
        }
    }

    private static let forbidden = [
        Forbidden(
            piece: "Date()",
            reason: "time is an argument",
            exceptions: ["Sources/Gateway/SystemClock.swift"]
        ),
        Forbidden(
            piece: "Date.now",
            reason: "time is an argument",
            exceptions: ["Sources/Gateway/SystemClock.swift"]
        ),
        Forbidden(
            piece: "UUID()",
            reason: "randomness comes from the profile's library context",
            exceptions: ["Sources/Crypto/"],
            isFineInTests: true
        ),
        Forbidden(
            piece: ".random(",
            reason: "randomness comes from the profile's library context",
            exceptions: ["Sources/Crypto/"],
            isFineInTests: true
        ),
        Forbidden(
            piece: "SystemRandomNumberGenerator",
            reason: "randomness is an argument",
            exceptions: ["Sources/Crypto/"],
            isFineInTests: true
        ),
        Forbidden(
            piece: "LibraryContext(",
            reason: "ProfileLibrary makes a profile's context, in the FIPS module where that is demanded",
            exceptions: ["Sources/Crypto/", "Sources/Readiness/Demands/"],
            isFineInTests: true
        ),
        Forbidden(piece: "Task.sleep", reason: "wait on an event, or on a clock that is an argument"),
        Forbidden(piece: "Thread.sleep", reason: "wait on an event"),
        Forbidden(piece: "usleep(", reason: "wait on an event"),
        Forbidden(piece: "JSONSerialization", reason: "one strict reader reads JSON: JSONReader"),
        Forbidden(piece: "debugPrint(", reason: "the log has an account of everything"),
    ]

    static let printing = HouseRule(name: "no print: the log, or the command line's Output, has the word") {
        file in
        // A printer of filters may well have a method of that name.
        let declaresItsOwn = file.text.declarations.contains { $0.keyword == "func" && $0.name == "print" }
        return declaresItsOwn
            ? []
            : file.text.offences("print(", "print: log it, or use Output") { index in
                !SwiftText.positions(of: [".", "print", "("], in: file.text.lines[index].tokens).isEmpty
            }
    }

    static let uncheckedFailures = HouseRule(name: "what cannot fail is proved in a comment") { file in
        ["try!", "as!", "fatalError("].flatMap { piece in
            file.text.offences(piece, "\(piece) needs a comment that proves it cannot fail") {
                file.text.isExplained(at: $0)
            }
        }
    }

    static let silentFailures = HouseRule(name: "a comment says why a failure may be silent") { file in
        guard file.isSource else { return [] }
        return file.text.offences("try?", "try? needs a comment that says why silence is right") { index in
            // In a guard, the reason may stand where silence leads to.
            let below = file.text.lines.dropFirst(index + 1).first
            return file.text.isExplained(at: index)
                || below?.isComment == true && below?.isDocumentation == false
        }
    }

    static let emptyCatch = HouseRule(name: "no empty catch") { file in
        let lines = file.text.lines
        return lines.indices.filter { index in
            guard let catching = lines[index].tokens.firstIndex(of: "catch") else { return false }
            let here = lines[index].tokens[catching...]
            let next = lines[(index + 1)...].first { !$0.tokens.isEmpty }?.tokens.first
            return here.suffix(2) == ["{", "}"] || (here.last == "{" && next == "}")
        }
        .map { Offence(line: $0 + 1, words: "an empty catch hides what went wrong") }
    }

    static let looseTasks = HouseRule(name: "a loose task says who waits for it") { file in
        guard file.isSource else { return [] }
        return ["Task {", "Task.detached", "Task.immediate"].flatMap { piece in
            file.text.offences(piece, "\(piece): use a task group, or say in a comment who waits for it") {
                file.text.isExplained(at: $0)
            }
        }
    }

    static let builtSQL = HouseRule(name: "SQL is text with bound parameters") { file in
        guard file.isSource else { return [] }
        return file.text.literals.filter { literal in
            let words = literal.text.split { $0 == " " || $0 == "\n" }
            return literal.isInterpolated && words.first.map { sqlVerbs.contains(String($0)) } == true
                && !file.text.remarks(at: literal.line - 1).contains { $0.contains("// SQL: ") }
        }
        .map {
            Offence(
                line: $0.line,
                words: "bind values; for what cannot be bound, prove in '// SQL: …' that no value gets in"
            )
        }
    }

    static let localeCase = HouseRule(name: "case is folded by CaseFolding, ASCII by TextOrder") { file in
        guard file.isSource, comparesValues.contains(file.target) else { return [] }
        return ["lowercased()", "uppercased()", "caseInsensitiveCompare(", "localizedCompare("].flatMap {
            piece in
            file.text.offences(piece, "\(piece) is not folding; a comment may prove that the text is ASCII") {
                index in
                file.text.remarks(at: index).contains { $0.contains("ASCII") }
                    || file.text.lines[index].code.contains("rawValue.")
            }
        }
    }

    private static let sqlVerbs: Set<String> = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "PRAGMA", "REPLACE", "WITH",
        "ATTACH",
    ]
    private static let comparesValues: Set<String> = [
        "SCIM", "Dialects", "SCIMEngine", "Store", "SQLiteStore",
    ]
}
