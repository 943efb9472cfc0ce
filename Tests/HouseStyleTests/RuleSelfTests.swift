import Testing

@Suite("House style: the rules themselves") struct RuleSelfTests {
    @Test(arguments: RuleSample.all) func `a rule finds what breaks it`(sample: RuleSample) {
        let offences = sample.rule.check(SourceFile(path: sample.path, content: sample.bad))

        #expect(offences.count == 1)
    }

    @Test(arguments: RuleSample.all) func `a rule leaves its neighbour alone`(sample: RuleSample) {
        let offences = sample.rule.check(SourceFile(path: sample.path, content: sample.good))

        #expect(offences == [])
    }

    @Test func `every rule has a sample that breaks it`() {
        let proved = Set(RuleSample.all.map(\.rule.name)).union([ShapeRules.fileNames.name])

        #expect(HouseStyleTests.rules.map(\.name).filter { !proved.contains($0) } == [])
    }

    @Test(arguments: [
        ("Sources/SCIM/Helpers/A.swift", 1), ("Sources/SCIM/Utils.swift", 1),
        ("Sources/SCIM/Path/A.swift", 0),
    ])
    func `a name for leftovers is found in a path`(path: String, count: Int) {
        #expect(ShapeRules.fileNames.check(SourceFile(path: path, content: "")).count == count)
    }

    @Test func `a target that the table does not know is refused`() {
        let file = SourceFile(path: "Sources/Elsewhere/A.swift", content: "")

        #expect(ImportRules.imports.check(file).count == 1)
    }

    @Test func `a place of the machine is found in any text`() {
        let offences = RepositoryText.offences(
            in: "one\ntwo /home/ada/gateway three\n",
            places: ["/home/ada/"]
        )

        #expect(offences.map(\.line) == [2])
        #expect(!RepositoryText.offences(in: "see \(Repository.folder)deploy").isEmpty)
    }

    @Test func `names fall apart into words`() {
        #expect(ShapeRules.camelWords("TLSServerContext") == ["TLS", "Server", "Context"])
        #expect(ShapeRules.camelWords("Base62") == ["Base62"])
    }
}
