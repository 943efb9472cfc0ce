import Testing

@testable import SCIM

@Suite("The answer to a bulk request, RFC 7644 §3.7.3")
struct BulkResponseTests {
    private let beginning =
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":["#

    private func operation(_ text: String) throws -> BulkOperation {
        try #require(BulkRequest.reading(json(#"{"Operations":[\#(text)]}"#)).operations.first)
    }

    @Test func `a success tells location, version and status, and no body`() throws {
        var result = BulkResponse.Result(
            of: try operation(#"{"method":"post","path":"/Users","bulkId":"q\"y","data":{}}"#),
            .done(status: 201)
        )
        result.location = "https://scim.example/scim/v2/Users/1"
        result.version = #"W/"1""#

        #expect(
            text(BulkResponse(results: [result]).body)
                == joined(
                    beginning,
                    #"{"location":"https://scim.example/scim/v2/Users/1","method":"POST","bulkId":"q\"y","#,
                    #""version":"W/\"1\"","status":"201"}]}"#
                )
        )
    }

    @Test func `a failure holds the error of a single request`() throws {
        let result = BulkResponse.Result(
            of: try operation(#"{"method":"DELETE","path":"/Users/1"}"#),
            .failed(.notFound("gone"))
        )

        #expect(
            text(BulkResponse(results: [result]).body)
                == joined(
                    beginning,
                    #"{"method":"DELETE","status":"404","response":"#,
                    errorBeginning,
                    #""status":"404","detail":"gone"}}]}"#
                )
        )
    }

    @Test func `an answer without operations has an empty list`() {
        #expect(text(BulkResponse(results: []).body) == beginning + "]}")
    }
}
