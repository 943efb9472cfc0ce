import Dialects
import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("The field SCIM-Notes, a dictionary of RFC 9651")
struct NotesFieldTests {
    @Test(
        arguments: [
            ([], nil),
            ([Note(.dropped, "title"), Note(.dropped, "emails", count: 3)], #"dropped="title emails""#),
            ([Note(.alreadySo, "active")], #"already-so="active""#),
            ([Note(.unknown, "secret"), Note(.unknown, "shoe", count: 2)], "unknown=3"),
            (
                [
                    Note(.alreadySo, "active"), Note(.unknown, "x"), Note(.dropped, "emails.$ref"),
                    Note(.alreadySo, "urn:a:b"),
                ],
                #"dropped="emails.$ref", already-so="active urn:a:b", unknown=1"#
            ),
        ] as [([Note], String?)]
    )
    func `notes become members, known names once, unknown ones counted`(notes: [Note], value: String?) {
        #expect(NotesField.value(of: notes) == value)
    }

    /// So many names of 99 bytes, then one that makes the value so many bytes long.
    private func notes(bytes: Int, beside unknown: Int = 0) throws -> [Note] {
        var notes = (10..<18).map { Note(.dropped, "n\($0)" + String(repeating: "x", count: 96)) }
        if unknown > 0 { notes.append(Note(.unknown, "x", count: unknown)) }
        let short = try #require(NotesField.value(of: notes)).utf8.count
        notes.append(Note(.dropped, String(repeating: "y", count: bytes - short - 1)))
        return notes
    }

    @Test(arguments: [0, 7])
    func `1,024 bytes are told whole, of one more the last name is counted`(unknown: Int) throws {
        let whole = try #require(NotesField.value(of: notes(bytes: 1_024, beside: unknown)))
        let cut = try #require(NotesField.value(of: notes(bytes: 1_025, beside: unknown)))

        #expect(whole.utf8.count == 1_024 && !whole.contains("more="))
        #expect(cut.utf8.count <= 1_024 && cut.hasSuffix(", more=1"))
        #expect(unknown == 0 || cut.contains(", unknown=7, "))
    }

    @Test func `the bound leaves room for the count of what it leaves out`() throws {
        let notes = (0..<500).map { Note($0 < 250 ? .dropped : .alreadySo, "name\($0)") }

        let value = try #require(NotesField.value(of: notes))
        let told = value.split { $0 == " " || $0 == "\"" }.filter { $0.hasPrefix("name") }.count

        #expect(value.utf8.count <= GatewayLimits.notesFieldBytes)
        #expect(value.hasSuffix(", more=\(500 - told)"))
    }

    // MARK: - On answers

    @Test func `a POST tells what it dropped`() async throws {
        try await withGateway { gateway in
            let body =
                #"{"userName":"a@b.example","title":"T","password":"Sesame","shoe":1,"groups":[{"value":"x"}]}"#

            let reply = await gateway.send(.post, "/Users", body: body)

            #expect(reply.status == .created)
            #expect(reply.fields[NotesField.name] == #"dropped="title password groups", unknown=1"#)
        }
    }

    @Test func `a PUT of what was read leaves no notes, another value of a read-only attribute does`()
        async throws
    {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let read = await gateway.send(.get, "/Users/\(id)").text

            let same = await gateway.send(.put, "/Users/\(id)", body: read)
            let other = await gateway.send(.put, "/Users/\(id)", body: read.replacing(id, with: "other"))

            #expect(same.status == .ok && same.fields[NotesField.name] == nil)
            #expect(other.status == .ok && other.fields[NotesField.name] == #"dropped="id""#)
        }
    }

    @Test func `a PATCH tells each kind, and a refused one nothing`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let operations = #"{"op":"add","value":{"active":true,"title":"T","shoe":1,"locale":"sv"}}"#
            let refused = #"{"op":"replace","path":"id","value":"x"}"#

            let reply = await gateway.send(.patch, "/Users/\(id)", body: #"{"Operations":[\#(operations)]}"#)
            let refusal = await gateway.send(
                .patch,
                "/Users/\(id)",
                body: #"{"Operations":[\#(operations),\#(refused)]}"#
            )

            #expect(reply.status == .ok)
            #expect(reply.fields[NotesField.name] == #"dropped="title", already-so="active", unknown=1"#)
            #expect(refusal.status == .badRequest && refusal.fields[NotesField.name] == nil)
        }
    }

    @Test func `a reply without a body carries notes too`() {
        let reply = Reply.scim(
            Self.noContent([Note(.alreadySo, "members")]),
            mediaType: "application/scim+json",
            requestID: RequestID(text: "r")
        )

        #expect(reply.status == .noContent && reply.body.count == 0)
        #expect(reply.fields[NotesField.name] == #"already-so="members""#)
    }

    private static func noContent(_ notes: [Note]) -> Rendering.Rendered {
        var rendered = Rendering.Rendered(status: 204)
        rendered.notes = notes
        return rendered
    }
}
