import Testing

@testable import SCIM

@Suite("The RFC's own errors, RFC 7644 §3.6, §3.7.4 and §3.12")
struct ErrorSamplesTests {
    @Test(arguments: try Sample.names(beginning: "rfc7644-").filter { $0.hasSuffix("-error") })
    func `an error is written as the example has it`(name: String) throws {
        let example = try Sample.object(name)
        let error = SCIMError(
            status: try #require(example.text("status").flatMap { Int($0) }),
            kind: try example.text("scimType").map { try #require(SCIMError.Kind(rawValue: $0)) },
            detail: try #require(example.text("detail"))
        )

        guard case .object(let written) = try JSONReader.read(error.body) else {
            Issue.record("an error is an object")
            return
        }
        #expect(Set(written.members.map(\.name)) == Set(example.members.map(\.name)))
        for member in written.members { #expect(member.value == example[member.name]) }
    }
}
