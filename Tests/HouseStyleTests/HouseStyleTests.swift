import Testing

@Suite("House style") struct HouseStyleTests {
    static let rules =
        ShapeRules.all + ImportRules.all + SafetyRules.all + DocumentationRules.all + CallRules.all
        + CryptoRules.all + TestRules.all

    @Test(arguments: rules) func `the repository keeps`(rule: HouseRule) {
        let offences = rule.offences(in: Repository.swiftFiles)

        #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
    }

    @Test func `the rules see the repository's files`() {
        let empty = Repository.swiftFiles.filter { $0.text.lines.count < 2 }

        #expect(Repository.swiftFiles.contains { $0.path == "Tests/HouseStyleTests/HouseStyleTests.swift" })
        #expect(empty.map(\.path) == [])
    }

    @Test func `no file names the machine that built it`() {
        let offences = Repository.textFiles.flatMap { file in
            RepositoryText.offences(in: file.text).map { "\(file.path):\($0.line): \($0.words)" }
        }

        #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
    }
}
