import Foundation
import Testing

@testable import Operations

@Suite("Pages of a file on the admin socket")
struct FilePageTests {
    @Test(
        arguments: [
            "", "{\"kind\":\"end\"}\n", "\n\n", "one\r\ntwo\u{2028}three\n", "=1+1;\"\"\",\n'é👩‍👩‍👧'\n", "no end",
        ]
    )
    func `the text arrives as it was, and the message with it`(text: String) throws {
        var page = AdminMessages.ExportedTenant(
            lines: [],
            snapshot: "a \"name\"\nin two lines",
            place: .init(part: .members, row: 7, member: 8)
        )
        page.text = text
        page.count = 3

        let read = try AdminMessages.ExportedTenant(readingPage: page.bytes(by: JSONEncoder()))

        #expect(read.text == text)
        #expect(read.count == 3)
        #expect(read.snapshot == page.snapshot)
        #expect((read.place.part, read.place.row, read.place.member) == (.members, 7, 8))
    }

    @Test(
        arguments: [
            "", "\n", "{}", "{}\ntext",
            "{\"lines\":[\"text\"],\"place\":{\"member\":0,\"part\":\"living\",\"row\":0},\"snapshot\":\"one\"}",
        ]
    )
    func `what another version says is no page`(body: String) {
        let answer = AdminAnswer(body: Data(body.utf8), server: "scim-gateway/0.1.0")

        #expect(throws: AdminMessages.Problem.self) {
            let _: AdminMessages.ExportedTenant = try answer.page()
        }
    }
}
