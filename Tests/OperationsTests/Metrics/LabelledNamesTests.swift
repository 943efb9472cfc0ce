import Testing

@testable import Gateway
@testable import Operations

@Suite("Names that have series of their own")
struct LabelledNamesTests {
    private let names = (0...GatewayLimits.labelledNames).map { "tenant-\(1_000 + $0)" }

    @Test func `as many as may be are all labels, and of one more the last is folded`() throws {
        let last = try #require(names.last)

        let all = LabelledNames(names.dropLast().reversed(), most: GatewayLimits.labelledNames)
        let folded = LabelledNames(names.reversed(), most: GatewayLimits.labelledNames)

        #expect(names.dropLast().allSatisfy { all.label(of: $0) == $0 })
        #expect(names.dropLast().allSatisfy { folded.label(of: $0) == $0 })
        #expect(folded.label(of: last) == "_other")
    }

    @Test func `a name that comes twice counts once`() {
        let names = LabelledNames(["a", "b", "b", "a"], most: 2)

        #expect(names.label(of: "b") == "b")
    }
}
