extension RuleSample {
    /// Samples of the rules about calls.
    static let calls = [
        sample("Date()", bad: "let a = \"\\(Date())\"", good: "let a = \"Date()\""),
        sample("Date.now", bad: "let a = Date.now", good: "let a = clock.now"),
        sample("UUID()", bad: "let a = UUID().uuidString", good: "let a = library.randomUUID()"),
        sample(".random(", bad: "let a = Int.random(in: 1...2)", good: "let a = random(1)"),
        sample(
            "SystemRandomNumberGenerator",
            bad: "var a = SystemRandomNumberGenerator()",
            good: "var a = generator"
        ),
        sample(
            "LibraryContext(",
            bad: "let a = try LibraryContext(name: \"mine\")",
            good: "let a: LibraryContext = runtime.library"
        ),
        RuleSample(
            rule: CryptoRules.ambientAlgorithms,
            bad: "EVP_DigestInit_ex2(work, EVP_sha256(), nil)",
            good: "EVP_DigestInit_ex2(work, EVP_MD_fetch(library, \"EVP_sha256()\", nil), nil)"
        ),
        RuleSample(
            rule: CryptoRules.ambientAlgorithms,
            bad: "RAND_bytes(&bytes, 4)",
            good: "RAND_bytes_ex(library, &bytes, 4, 0)"
        ),
        sample(
            "Task.sleep",
            bad: "try await Task.sleep(for: .seconds(1))",
            good: "try await clock.sleep(for: .seconds(1))"
        ),
        sample("Thread.sleep", bad: "Thread.sleep(forTimeInterval: 1)", good: "// Thread.sleep"),
        sample("usleep(", bad: "usleep(1)", good: "sleeper.wake()"),
        sample("JSONSerialization", bad: "let a = JSONSerialization.self", good: "let a = JSONReader.self"),
        sample("debugPrint(", bad: "debugPrint(a)", good: "a.debugDescription"),
        RuleSample(rule: CallRules.printing, bad: "print(a)", good: "printer.print(a)"),
        RuleSample(
            rule: CallRules.printing,
            bad: "func a() { print(1) }",
            good: "func print(_ a: Int) { print(a + 1) }"
        ),
        RuleSample(
            rule: CallRules.uncheckedFailures,
            bad: "// swift-format-ignore: NeverUseForceTry\nlet a = try! b()",
            good:
                "// A constant that a test reads.\n// swift-format-ignore: NeverUseForceTry\nlet a = try! b()"
        ),
        RuleSample(
            rule: CallRules.uncheckedFailures,
            bad: "let a = b as! C",
            good: "let a = b as? C\nif try !a() {}"
        ),
        RuleSample(
            rule: CallRules.uncheckedFailures,
            bad: "fatalError(\"no\")",
            good: "preconditionFailure(\"no\")"
        ),
        RuleSample(
            rule: CallRules.silentFailures,
            bad: "/// Closes it.\nfunc a() { try? b() }",
            good: "func a() {\n    // It is closed already then.\n    try? b()\n    try? c()  // As above.\n}"
        ),
        RuleSample(
            rule: CallRules.silentFailures,
            bad: "guard let a = try? b() else {\n    return\n}",
            good: "guard let a = try? b() else {\n    // It is no file then.\n    return\n}"
        ),
        RuleSample(
            rule: CallRules.emptyCatch,
            bad: "do { try a() } catch {}",
            good: "do { try a() } catch { b(error) }"
        ),
        RuleSample(
            rule: CallRules.emptyCatch,
            bad: "do {\n    try a()\n} catch let e as E {\n    // nothing\n}",
            good: "do {\n    try a()\n} catch {\n    throw B(error)\n}"
        ),
        RuleSample(
            rule: CallRules.looseTasks,
            bad: "Task { await a() }",
            good: "// The handler waits for it in close().\nTask { await a() }"
        ),
        RuleSample(
            rule: CallRules.looseTasks,
            bad: "Task.detached(priority: .low) { }",
            good: "tasks.addTask { }"
        ),
        RuleSample(
            rule: CallRules.builtSQL,
            bad: "run(\"SELECT id FROM a WHERE b = '\\(c)'\")",
            good: "run(\"SELECT id FROM a WHERE b = ?1\")"
        ),
        RuleSample(
            rule: CallRules.builtSQL,
            bad: "run(\"\"\"\n    DELETE FROM a WHERE b = \\(c)\n    \"\"\")",
            good: "// SQL: the number is a constant of ours.\nrun(\"PRAGMA user_version = \\(version)\")"
        ),
        RuleSample(
            rule: CallRules.localeCase,
            bad: "a.lowercased() == b",
            good: "// ASCII: a keyword of the grammar.\na.lowercased() == b"
        ),
    ]

    private static func sample(_ piece: String, bad: String, good: String) -> RuleSample {
        let named = CallRules.all.filter { $0.name == "no \(piece)" }
        // A piece that no rule forbids gets a rule that finds nothing, and so a failing test.
        return RuleSample(
            rule: named.first ?? HouseRule(name: "no \(piece)") { _ in [] },
            bad: bad,
            good: good
        )
    }
}
