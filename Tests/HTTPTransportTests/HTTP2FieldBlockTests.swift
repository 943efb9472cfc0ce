import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite("Header blocks within limits, RFC 9113 §6.5.2, §10.5.1")
struct HTTP2FieldBlockTests {
    private static func block(
        _ fields: [(String, String)],
        _ change: (inout HTTPLimits) -> Void = { _ in }
    ) throws -> HTTP2FieldBlock {
        var limits = HTTPLimits()
        change(&limits)
        var block = HTTP2FieldBlock(limits: limits, floodFactor: 2)
        for field in fields {
            try block.add(name: Array(field.0.utf8).span, value: Array(field.1.utf8).span)
        }
        return block
    }

    @Test func `fields are kept in order, those of the request line apart`() throws {
        let block = try Self.block(HTTP2Wire.head("GET", "/x") + [("b", "1"), ("a", "2"), ("b", "3")])

        #expect(block.method == "GET")
        #expect(block.scheme == "https")
        #expect(block.authority == "a.test")
        #expect(block.path == "/x")
        #expect(block.fields.map { $0.name + $0.value } == ["b1", "a2", "b3"])
        #expect(block.refusal == nil)
    }

    @Test(arguments: [(3, nil), (4, HTTPRefusal.headerTooLarge), (6, .headerTooLarge)])
    func `fields are counted, pseudo-header fields not`(count: Int, refusal: HTTPRefusal?) throws {
        let fields = HTTP2Wire.head("GET", "/x") + Array(repeating: ("a", "b"), count: count)

        let block = try Self.block(fields) { $0.fields = 3 }

        #expect(block.refusal == refusal)
        #expect(block.fields.count == (refusal == nil ? count : 0))
        #expect(throws: HTTP2Fault.headerFlood) {
            try Self.block(fields + Array(repeating: ("a", "b"), count: 7 - count)) { $0.fields = 3 }
        }
    }

    @Test(arguments: [(66, nil), (67, HTTPRefusal.headerTooLarge)])
    func `bytes are counted with 32 for each field`(value: Int, refusal: HTTPRefusal?) throws {
        let fields = [("a", ""), ("b", String(repeating: "x", count: value))]

        let block = try Self.block(fields) { $0.headerBytes = 132 }

        #expect(block.refusal == refusal)
        #expect(throws: HTTP2Fault.headerFlood) {
            try Self.block(fields + [("c", String(repeating: "x", count: 200))]) { $0.headerBytes = 132 }
        }
    }

    @Test(arguments: [(9, nil), (10, HTTPRefusal.headerTooLarge)])
    func `a single field is limited`(value: Int, refusal: HTTPRefusal?) throws {
        let block = try Self.block([("a", String(repeating: "x", count: value))]) { $0.fieldBytes = 10 }

        #expect(block.refusal == refusal)
    }

    @Test(arguments: [(10, nil), (11, HTTPRefusal.uriTooLong)])
    func `the target has a limit of its own`(length: Int, refusal: HTTPRefusal?) throws {
        let path = "/" + String(repeating: "x", count: length - 1)

        let block = try Self.block(HTTP2Wire.head("GET", path)) {
            $0.requestLineBytes = 10
            $0.fieldBytes = 7
        }

        // The field limit is not for it: the authority and the method are no fields here either.
        #expect(block.refusal == refusal)
        #expect(block.method == "GET")
    }

    @Test func `a refused block is refused as a head`() throws {
        let block = try Self.block([("a", "bc")]) { $0.fieldBytes = 2 }

        #expect(throws: HTTPRefusal.headerTooLarge) { try HTTP2Head(block) }
    }

    @Test func `a length beyond 63 bits never comes this far, a long one is told`() throws {
        let block = try Self.block(
            HTTP2Wire.head("POST", "/x") + [("content-length", "9223372036854775807")]
        )

        #expect(try HTTP2Head(block).length == Int.max)
    }
}
