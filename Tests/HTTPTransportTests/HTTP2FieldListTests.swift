import CNGHTTP2
import HTTPTypes
import Testing

@testable import HTTPTransport

@Suite("Fields of replies, RFC 9113 §8.3.2")
struct HTTP2FieldListTests {
    private struct Lent: Equatable {
        let name: String
        let value: String
        let isIndexed: Bool

        init(_ name: String, _ value: String, isIndexed: Bool = true) {
            self.name = name
            self.value = value
            self.isIndexed = isIndexed
        }
    }

    @Test func `fields are lent in order, numbers in decimal`() {
        var list = HTTP2FieldList(count: 1)

        list.append(":status", number: 204)
        list.append("empty", "")
        list.append("x-request-id", "7", isIndexed: false)
        for number in [0, 9, 10, 1_234_567_890] { list.append("content-length", number: number) }

        let numbers = ["0", "9", "10", "1234567890"].map { Lent("content-length", $0) }
        #expect(
            Self.lent(list) == [
                Lent(":status", "204"), Lent("empty", ""), Lent("x-request-id", "7", isIndexed: false),
            ] + numbers
        )
    }

    @Test func `a reply has its status first, and of the transport's fields only ours`() throws {
        var fields: HTTPFields = [.eTag: "\"1\"", .contentLength: "7", .connection: "close", .date: "never"]
        var fresh = HTTPField(name: try #require(HTTPField.Name("X-Request-Id")), value: "a1")
        fresh.indexingStrategy = .avoid
        fields.append(fresh)

        let list = HTTP2Encoding.fields(Reply(status: .ok, fields: fields), date: "today")

        #expect(
            Self.lent(list) == [
                Lent(":status", "200"), Lent("etag", "\"1\""), Lent("x-request-id", "a1", isIndexed: false),
                Lent("date", "today"), Lent("content-length", "0"),
            ]
        )
    }

    @Test(arguments: [HTTPResponse.Status.noContent, .notModified])
    func `a reply that has no body has no length`(status: HTTPResponse.Status) {
        let list = HTTP2Encoding.fields(Reply(status: status), date: "today")

        #expect(Self.lent(list) == [Lent(":status", "\(status.code)"), Lent("date", "today")])
    }

    private static func lent(_ list: HTTP2FieldList) -> [Lent] {
        var lent: [Lent] = []
        _ = unsafe list.withNameValues { values, count in
            for index in 0..<count {
                guard let value = unsafe values?[index] else { continue }
                let name = unsafe UnsafeBufferPointer(start: value.name, count: value.namelen)
                let text = unsafe UnsafeBufferPointer(start: value.value, count: value.valuelen)
                lent.append(
                    Lent(
                        unsafe String(decoding: name, as: UTF8.self),
                        unsafe String(decoding: text, as: UTF8.self),
                        isIndexed: unsafe UInt32(value.flags) & NGHTTP2_NV_FLAG_NO_INDEX.rawValue == 0
                    )
                )
            }
            return 0
        }
        return lent
    }
}
