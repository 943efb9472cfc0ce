import Testing

@testable import SCIM

@Suite("Reading a bulk request, RFC 7644 §3.7")
struct BulkRequestTests {
    private func request(_ operations: String, _ more: String = "") throws -> BulkRequest {
        try BulkRequest.reading(json(#"{"schemas":[],"Operations":[\#(operations)]\#(more)}"#))
    }

    private func operation(_ text: String) throws -> BulkOperation {
        try #require(request(text).operations.first)
    }

    // MARK: - The whole

    @Test func `members and methods are taken in any case`() throws {
        let read = try BulkRequest.reading(
            json(
                #"{"operations":[{"Method":"post","PATH":"/Users","BulkID":"a","Data":{}}],"FAILONERRORS":2}"#
            )
        )

        #expect(read.failOnErrors == 2)
        #expect(read.operations.map(\.method) == [.post])
        #expect(read.operations[0].bulkID == BulkID("a"))
        #expect(try read.operations[0].call.get().path == "/Users")
    }

    @Test func `no operations are a request that does nothing`() throws {
        let read = try request("")

        #expect(read.operations.isEmpty && read.failOnErrors == nil)
    }

    @Test(arguments: [
        "[]", #""x""#, "null", "{}", #"{"schemas":[]}"#, #"{"Operations":"x"}"#, #"{"Operations":null}"#,
        #"{"Operations":{"method":"DELETE"}}"#, #"{"Operations":["DELETE"]}"#,
        #"{"Operations":[],"operations":[]}"#,
        #"{"Operations":[],"failOnErrors":1,"FailOnErrors":1}"#,
    ])
    func `a body of another shape is refused`(body: String) {
        #expect(refusal { _ = try BulkRequest.reading(json(body)) } == .badRequest(.invalidSyntax, ""))
    }

    @Test(arguments: [("1", 1), ("7", 7), ("9223372036854775808", Int.max), ("null", nil)])
    func `failOnErrors is a whole number from one on`(text: String, expected: Int?) throws {
        #expect(try request("", #","failOnErrors":\#(text)"#).failOnErrors == expected)
    }

    @Test(arguments: ["0", "-1", "1.5", "1e2", "-0", #""1""#, "true", "[1]", "{}"])
    func `any other failOnErrors is refused`(text: String) {
        #expect(
            refusal { _ = try request("", #","failOnErrors":\#(text)"#) } == .badRequest(.invalidSyntax, "")
        )
    }

    @Test func `a request holds at most 1,000 operations, and the refusal names the limit`() throws {
        let list = { (count: Int) in
            Array(repeating: #"{"method":"DELETE","path":"/Users/x"}"#, count: count).joined(separator: ",")
        }

        let error = try #require(refusal { _ = try request(list(BulkLimits.operations + 1)) })

        #expect(try request(list(BulkLimits.operations)).operations.count == BulkLimits.operations)
        #expect(error.status == 413 && error.kind == nil)
        #expect(error.detail.contains("1000 operations (maxOperations)"))
    }

    // MARK: - Names

    @Test func `a bulkId that two POSTs have is refused, and quoted only when it is short`() throws {
        let twice = { (name: String) in
            let post = #"{"method":"POST","path":"/Users","bulkId":"\#(name)","data":{}}"#
            return "\(post),\(post)"
        }

        let short = try #require(refusal { _ = try request(twice("qwerty")) })
        let long = try #require(refusal { _ = try request(twice(String(repeating: "x", count: 101))) })

        #expect(short == .badRequest(.invalidValue, "") && short.detail.contains(": 'qwerty'"))
        #expect(long == .badRequest(.invalidValue, "") && !long.detail.contains("xx"))
    }

    @Test func `names that differ by a byte, or that a PUT has, are not the same`() throws {
        let read = try request(
            #"""
            {"method":"POST","path":"/Users","bulkId":"a","data":{}},
            {"method":"POST","path":"/Users","bulkId":"A","data":{}},
            {"method":"POST","path":"/Users","bulkId":"\u00e9","data":{}},
            {"method":"POST","path":"/Users","bulkId":"e\u0301","data":{}},
            {"method":"PUT","path":"/Users/1","bulkId":"a","data":{}}
            """#
        )

        #expect(read.operations.map { $0.makes != nil } == [true, true, true, true, false])
        #expect(read.operations[4].bulkID == BulkID("a"))
    }

    // MARK: - One operation

    @Test func `each method has the body that it needs`() throws {
        let read = try request(
            #"""
            {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"u"}},
            {"method":"PUT","path":"/Users/1","data":{"userName":"u"},"version":"W/\"2\""},
            {"method":"PATCH","path":"/Users/1","data":{"Operations":[]}},
            {"method":"DELETE","path":"/Users/1","data":null,"version":""}
            """#
        )

        let calls = try read.operations.map { try $0.call.get() }

        guard case .create(let resource) = calls[0].action, case .replace = calls[1].action,
            case .patch = calls[2].action, case .delete = calls[3].action
        else {
            Issue.record("expected the four methods, got \(calls)")
            return
        }
        #expect(try resource.json == json(#"{"userName":"u"}"#))
        #expect(calls.map(\.version) == [nil, #"W/"2""#, nil, ""])
    }

    @Test(arguments: [
        (#"{"method":"POST","path":"/Users","data":{}}"#, "POST"),
        (#"{"method":"POST","path":"/Users","bulkId":"","data":{}}"#, "POST"),
        (#"{"method":"POST","path":"/Users","bulkId":7,"data":{}}"#, "POST"),
        (#"{"method":"POST","path":"/Users","bulkId":"a"}"#, "POST"),
        (#"{"method":"POST","path":"/Users","bulkId":"a","data":null}"#, "POST"),
        (#"{"method":"PUT","path":"/Users/1"}"#, "PUT"), (#"{"method":"PATCH","path":"/Users/1"}"#, "PATCH"),
        (#"{"method":"DELETE"}"#, "DELETE"), (#"{"method":"DELETE","path":""}"#, "DELETE"),
        (#"{"method":"DELETE","path":7}"#, "DELETE"),
        (#"{"method":"DELETE","path":"/Users/1","Path":"/Users/2"}"#, "DELETE"),
        (#"{"method":"DELETE","path":"/Users/1","version":2}"#, "DELETE"),
        (#"{"method":"GET","path":"/Users/1"}"#, "GET"),
    ])
    func `an operation that is not understood fails alone, and is told by its method`(
        text: String,
        method: String
    ) throws {
        let read = try request(#"\#(text),{"method":"DELETE","path":"/Users/1"}"#)

        #expect(refusal { _ = try read.operations[0].call.get() } == .badRequest(.invalidSyntax, ""))
        #expect(read.operations[0].method.text == method)
        #expect(try read.operations[1].call.get().path == "/Users/1")
    }

    @Test(arguments: [#"{"path":"/Users/1"}"#, #"{"method":7,"path":"/Users/1"}"#])
    func `without a method there is none to tell`(text: String) throws {
        let read = try operation(text)

        #expect(read.method == .other(nil) && read.method.text == nil)
        #expect(refusal { _ = try read.call.get() } == .badRequest(.invalidSyntax, ""))
    }
}
