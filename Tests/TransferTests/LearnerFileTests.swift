import SCIM
import Testing

@testable import Transfer

@Suite("Files of learners")
struct LearnerFileTests {
    private func screened(_ text: String, _ form: LearnerFile.Form) throws -> (
        ready: [LearnerScreening.Ready], screening: LearnerScreening
    ) {
        var screening = try LearnerScreening(Array(text.utf8), form: form)
        var ready: [LearnerScreening.Ready] = []
        while case let part = try screening.next(), !part.isEmpty { ready += part }
        return (ready, screening)
    }

    @Test func `a row of a CSV is what a client would send`() throws {
        let text = """
            userName,givenName,familyName,active,department,manager,id,groups
            ada@example.com,Ada,'=Lovelace,false,R&D,boss@example.com,4711,Staff
            bob@example.com,,,,,,,
            """

        let (ready, screening) = try screened(text, .csv)

        #expect(screening.refused.isEmpty)
        #expect(
            ready == [
                .init(
                    line: 2,
                    json: "{\"userName\":\"ada@example.com\",\"active\":\"false\","
                        + "\"name\":{\"givenName\":\"Ada\",\"familyName\":\"=Lovelace\"},"
                        + "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":"
                        + "{\"department\":\"R&D\",\"manager\":{\"value\":\"boss@example.com\"}}}"
                ),
                .init(line: 3, json: "{\"userName\":\"bob@example.com\"}"),
            ]
        )
    }

    @Test(arguments: [
        (#"{"userName":"no address"}"#, "userName"),
        (#"{"active":true}"#, "userName"),
        (#"{"userName":"a@example.com","active":"perhaps"}"#, "active"),
        (#"{"userName":"a@example.com","name":{"givenName":"A","familyName":7}}"#, "name.familyName"),
        (
            #"{"userName":"a@example.com","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":[1]}}"#,
            "department"
        ),
        (#"["a@example.com"]"#, nil), (#"{"userName":"#, nil),
    ])
    func `a bad line is refused by its number and the attribute at fault`(line: String, attribute: String?)
        throws
    {
        let (ready, screening) = try screened("{\"userName\":\"ok@example.com\"}\n\n\(line)\n", .jsonl)

        #expect(ready.map(\.line) == [1])
        #expect(screening.refused == [RefusedLine(line: 3, attribute: attribute, reason: "")])
    }

    @Test func `a refused line tells none of its values`() throws {
        let value = "secret value of a person"
        let text =
            "{\"userName\":\"\(value)\"}\n{\"userName\":\"a@b.c\",\"active\":\"\(value)\"}\n\"\(value)\n"

        let (_, screening) = try screened(text, .jsonl)

        #expect(screening.refusedCount == 3)
        #expect(screening.refused.allSatisfy { !$0.reason.contains(value) })
    }

    @Test func `the same userName twice is refused with the first one's line, whatever its case`() throws {
        let (ready, screening) = try screened(
            "userName\nStraße@example.com\nx@example.com\nSTRASSE@example.com\n",
            .csv
        )

        #expect(ready.map(\.line) == [2, 3])
        #expect(screening.refused == [RefusedLine(line: 4, attribute: "userName", reason: "")])
        #expect(screening.refused.first?.reason.contains("line 2") == true)
    }

    @Test
    func `what an import does not store is counted by attribute, and what the service says is passed over`()
        throws
    {
        let text = """
            {"id":"1","meta":{},"groups":[],"managedBy":"x","userName":"a@b.c","title":"Dr","shoeSize":44,"externalId":"7"}
            {"userName":"b@b.c","title":"Dr"}
            """

        let (ready, screening) = try screened(text, .jsonl)

        #expect(ready.count == 2)
        #expect(screening.ignored == ["title": 2, "shoeSize": 1, "externalId": 1])
    }

    @Test func `a line of JSON of the limit is read, and one with a byte more is refused`() throws {
        let start = "{\"userName\":\"a@example.com\",\"x\":\""
        let room = TransferLimits.learnerLineBytes - start.utf8.count - 2
        for (count, lines) in [(room, 1), (room + 1, 0)] {
            let (ready, screening) = try screened(
                start + String(repeating: "y", count: count) + "\"}",
                .jsonl
            )
            #expect(ready.count == lines && screening.refusedCount == 1 - lines)
        }
    }

    @Test func `a file of the limit's lines is read, and one with a line more is refused whole`() throws {
        let line = "a\n"
        let bytes = Array(String(repeating: line, count: TransferLimits.learnerLines).utf8)
        var file = try LearnerFile(bytes, form: .jsonl)
        for _ in 0..<TransferLimits.learnerLines { _ = try file.next() }

        let damage = #expect(throws: CSVReader.Damage.self) {
            _ = try LearnerScreening(bytes + Array(line.utf8), form: .jsonl)
        }

        #expect(damage?.line == TransferLimits.learnerLines + 1)
    }

    @Test func `a file with a byte over the limit is refused before it is read`() {
        let bytes = [UInt8](repeating: 0x0A, count: TransferLimits.learnerFileBytes + 1)

        #expect(throws: CSVReader.Damage.self) { _ = try LearnerScreening(bytes, form: .csv) }
        #expect(throws: Never.self) { _ = try LearnerScreening(Array(bytes.dropLast()), form: .jsonl) }
    }

    @Test func `damage further down is found before anything is given out`() {
        let text = "userName\na@example.com\n\"open"

        let damage = #expect(throws: CSVReader.Damage.self) {
            _ = try LearnerScreening(Array(text.utf8), form: .csv)
        }

        #expect(damage?.line == 3)
    }

    @Test func `learners come in parts of so many, and all of them come`() throws {
        let count = TransferLimits.linesAtOnce + 1
        let text = (1...count).map { "{\"userName\":\"u\($0)@example.com\"}\n" }.joined()
        var screening = try LearnerScreening(Array(text.utf8), form: .jsonl)

        let sizes = try [screening.next().count, screening.next().count, screening.next().count]

        #expect(sizes == [TransferLimits.linesAtOnce, 1, 0])
        #expect(screening.progress.done == screening.progress.total)
    }
}
