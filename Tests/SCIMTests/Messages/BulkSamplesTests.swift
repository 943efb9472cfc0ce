import Testing

@testable import SCIM

/// The files `Samples/rfc7644-3.7.*.json`, as the RFC has them: messages of `/Bulk`, and what they lead to.
@Suite("Bulk samples, RFC 7644 §3.7.1–§3.7.3")
struct BulkSamplesTests {
    private static let messages = "urn:ietf:params:scim:api:messages:2.0:"

    @Test(arguments: try samples("request"))
    func `a request is a list of operations that know their method, path and data`(name: String) throws {
        let request = try Sample.object(name)

        #expect(request["schemas"] == .array([.string(Self.messages + "BulkRequest")]))
        #expect(try !request.objects("Operations").isEmpty)
        for operation in try request.objects("Operations") {
            let method = operation.text("method")
            #expect(["POST", "PUT", "PATCH", "DELETE"].contains(method))
            #expect(operation.text("path")?.hasPrefix("/") == true)
            #expect((operation.text("bulkId") != nil) == (method == "POST"))
            #expect((operation["data"] == nil) == (method == "DELETE"))
        }
    }

    @Test(arguments: try samples("request"))
    func `a request is read, each operation with what it does`(name: String) throws {
        let sample = try Sample.object(name)

        let request = try BulkRequest.reading(Sample.json(name))

        #expect(try request.operations.count == sample.objects("Operations").count)
        #expect(
            try request.operations.compactMap(\.makes?.text)
                == sample.objects("Operations").compactMap { $0.text("bulkId") }
        )
    }

    @Test(arguments: try samples("response"))
    func `a response tells the status of each operation, and why one failed`(name: String) throws {
        let response = try Sample.object(name)

        #expect(response["schemas"] == .array([.string(Self.messages + "BulkResponse")]))
        #expect(try !response.objects("Operations").isEmpty)
        for operation in try response.objects("Operations") {
            let status = try #require(operation.text("status").flatMap { Int($0) })
            let isPost = operation.text("method") == "POST"
            #expect((operation.text("location") == nil) == (isPost && status >= 400))
            #expect((operation.text("bulkId") != nil) == isPost)
            #expect((operation["response"] != nil) == (status >= 400))
            if status >= 400 { #expect(try operation.object("response").text("status") == "\(status)") }
        }
    }

    @Test func `every bulkId that a request refers to is one of its own`() throws {
        for name in try Self.samples("request") {
            let text = text(try Sample.bytes(name))
            let references = text.matches(of: /"bulkId:([a-z]+)"/).map { String($0.1) }
            let own = try Sample.object(name).objects("Operations").compactMap { $0.text("bulkId") }
            #expect(Set(references).isSubset(of: own))
        }
    }

    @Test func `the groups that refer to each other do so in the result`() throws {
        let groups = try Sample.object("rfc7644-3.7.1-circular-references-result").objects("Resources")
        let members = try groups.map { try $0.objects("members").map { $0.text("value") } }

        #expect(groups.map { [$0.text("id")] } == members.reversed())
    }

    private static func samples(_ kind: String) throws -> [String] {
        try Sample.names(beginning: "rfc7644-3.7.").filter { $0.hasSuffix("-\(kind)") }
    }
}
