import Testing

@testable import SCIM

/// Each file `Samples/rfc7644-3.5.2*.json` is one case; adding one needs no code.
///
/// ```
/// {"type": "User", "before": {…}, "patch": {"Operations": […]}, "after": {…}}      or "refused": "noTarget"
/// ```
@Suite("PATCH samples, RFC 7644 §3.5.2.1–3.5.2.3")
struct PatchSamplesTests {
    @Test(arguments: try Sample.names(beginning: "rfc7644-3.5.2"))
    func `a sample gives what its file says`(name: String) throws {
        guard case .object(let sample) = try Sample.json(name), case .string(let typeName) = sample["type"]
        else {
            Issue.record("the sample has no type")
            return
        }
        let type = try #require(ResourceType.Name(rawValue: typeName))
        let before = try Resource.reading(try #require(sample["before"]), type: type, set: .full).resource
        let request = { try PatchRequest.reading(try #require(sample["patch"])) }

        if case .string(let kindName) = sample["refused"] {
            let kind = try #require(SCIMError.Kind(rawValue: kindName))
            #expect(throws: SCIMError.badRequest(kind, "")) {
                try Patch.apply(try request(), to: before, set: .full, rules: PatchRules())
            }
        } else {
            let after = try Resource.reading(try #require(sample["after"]), type: type, set: .full).resource
            let result = try Patch.apply(try request(), to: before, set: .full, rules: PatchRules())
            #expect(try isSame(result.resource, after))
        }
    }
}
