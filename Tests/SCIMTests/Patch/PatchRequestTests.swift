import Testing

@testable import SCIM

@Suite("Reading a PATCH, RFC 7644 §3.5.2")
struct PatchRequestTests {
    @Test(arguments: ["add", "Add", "ADD", "remove", "Remove", "rEmOvE", "replace", "Replace", "REPLACE"])
    func `operation names are taken in any case`(name: String) throws {
        let request = try PatchRequest.reading(
            json(#"{"Operations": [{"op": "\#(name)", "path": "locale", "value": "x"}]}"#)
        )

        #expect(request.operations.map(\.op.rawValue) == [name.lowercased()])
    }

    @Test func `member names are taken in any case`() throws {
        let request = try PatchRequest.reading(
            json(#"{"operations": [{"Op": "add", "PATH": "locale", "Value": "x"}]}"#)
        )

        let path = try PatchPath.parse("locale")
        #expect(request.operations == [PatchOperation(op: .add, path: path, value: .string("x"))])
    }

    @Test func `no operations are a request that changes nothing`() throws {
        #expect(try PatchRequest.reading(json(#"{"schemas": [], "Operations": []}"#)).operations.isEmpty)
    }

    @Test(arguments: ["null", #""""#])
    func `a path of null or of nothing is no path`(path: String) throws {
        let request = try PatchRequest.reading(
            json(#"{"Operations": [{"op": "add", "path": \#(path), "value": {}}]}"#)
        )

        #expect(request.operations[0].path == nil)
    }

    @Test(
        arguments: [
            ("[]", .invalidSyntax), (#""x""#, .invalidSyntax), ("{}", .invalidSyntax),
            (#"{"schemas": []}"#, .invalidSyntax),
            (#"{"Operations": {"op": "add"}}"#, .invalidSyntax), (#"{"Operations": null}"#, .invalidSyntax),
            (#"{"Operations": [], "operations": []}"#, .invalidSyntax),
            (#"{"Operations": ["add"]}"#, .invalidSyntax),
            (#"{"Operations": [{"op": "move", "path": "locale", "value": "x"}]}"#, .invalidSyntax),
            (#"{"Operations": [{"path": "locale", "value": "x"}]}"#, .invalidSyntax),
            (#"{"Operations": [{"op": 1}]}"#, .invalidSyntax),
            (
                #"{"Operations": [{"op": "add", "Op": "remove", "path": "locale", "value": "x"}]}"#,
                .invalidSyntax
            ),
            (#"{"Operations": [{"op": "add", "path": 1, "value": "x"}]}"#, .invalidSyntax),
            (#"{"Operations": [{"op": "add", "path": "name[", "value": "x"}]}"#, .invalidPath),
            (#"{"Operations": [{"op": "remove"}]}"#, .noTarget),
            (#"{"Operations": [{"op": "remove", "value": {"locale": 1}}]}"#, .noTarget),
            (#"{"Operations": [{"op": "add", "path": "locale"}]}"#, .invalidValue),
            (#"{"Operations": [{"op": "replace"}]}"#, .invalidValue),
        ] as [(String, SCIMError.Kind)]
    )
    func `a malformed request is refused`(body: String, kind: SCIMError.Kind) {
        #expect(refusal { _ = try PatchRequest.reading(json(body)) } == .badRequest(kind, ""))
    }

    @Test func `a request holds at most 1,000 operations`() throws {
        let body = { (count: Int) in
            let operation = #"{"op": "add", "path": "locale", "value": "x"}"#
            return #"{"Operations": [\#(Array(repeating: operation, count: count).joined(separator: ","))]}"#
        }

        #expect(
            try PatchRequest.reading(json(body(PatchLimits.operations))).operations.count
                == PatchLimits.operations
        )
        #expect(
            refusal { _ = try PatchRequest.reading(json(body(PatchLimits.operations + 1))) }
                == .badRequest(.tooMany, "")
        )
    }
}
