import Testing

@testable import SCIM

@Suite("List responses, RFC 7644 §3.4.2 and RFC 9865 §2")
struct ListResponseTests {
    @Test func `an empty list is a list`() {
        #expect(
            text(ListResponse.body([], totalResults: 0, startIndex: 1))
                == joined(
                    listBeginning,
                    #""totalResults":0,"startIndex":1,"#,
                    #""itemsPerPage":0,"Resources":[]}"#
                )
        )
    }

    @Test(
        arguments: [
            ("abc-_", #""totalResults":7,"itemsPerPage":1,"nextCursor":"abc-_","Resources":[{"id":"1"}]}"#),
            (nil, #""totalResults":7,"itemsPerPage":1,"Resources":[{"id":"1"}]}"#),
        ] as [(String?, String)]
    )
    func `a page by cursor has no index, and no cursor when it is the last`(cursor: String?, rest: String) {
        let page = ListResponse.body(
            [Array(#"{"id":"1"}"#.utf8)],
            totalResults: 7,
            startIndex: nil,
            nextCursor: cursor
        )

        #expect(text(page) == joined(listBeginning, rest))
    }

    @Test func `a page holds the resources as they are`() {
        let page = ListResponse.body(
            [Array(#"{"id":"1"}"#.utf8), Array(#"{"id":"2"}"#.utf8)],
            totalResults: 7,
            startIndex: 3
        )

        #expect(
            text(page)
                == joined(
                    listBeginning,
                    #""totalResults":7,"startIndex":3,"#,
                    #""itemsPerPage":2,"Resources":[{"id":"1"},{"id":"2"}]}"#
                )
        )
    }
}
