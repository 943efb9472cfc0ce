import Dialects
import SCIM
import Testing

@Suite("Clients, as their transcripts show them")
struct ReplayTests {
    @Test(arguments: try Transcript.all())
    func `a transcript is answered as it says`(transcript: Transcript) async throws {
        try await withGateway(dialect: transcript.dialect, attributes: transcript.attributes) { gateway in
            var replay = Replay(gateway)

            let findings = try await replay.findings(in: transcript)

            #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
        }
    }

    @Test(arguments: Dialect.Name.allCases, AttributeSet.allCases)
    func `every client has transcripts, in either set`(client: Dialect.Name, set: AttributeSet) throws {
        let transcripts = try Transcript.all().filter { $0.dialect == client && $0.attributes == set }

        #expect(transcripts.contains { $0.name.hasPrefix("\(client)/") })
    }

    // MARK: - A transcript can fail

    @Test(arguments: [
        (
            #"{"method": "GET", "path": "/Users", "status": 200, "answer": {"totalResults": 0, "Resources": []}}"#,
            true
        ),
        (#"{"method": "GET", "path": "/Users", "status": 204}"#, false),
        (#"{"method": "GET", "path": "/Users", "status": 200, "answer": {"totalResults": 1}}"#, false),
        (#"{"method": "GET", "path": "/Users", "status": 200, "answer": {"totalResults": null}}"#, false),
        (#"{"method": "GET", "path": "/Users", "status": 200, "answerFields": {"ETag": "x"}}"#, false),
        (#"{"method": "GET", "path": "/Users", "status": 200, "capture": {"id": "/Resources/0/id"}}"#, false),
        (#"{"method": "GET", "path": "/Users", "token": "none", "status": 401}"#, true),
        (#"{"method": "GET", "path": "/Users", "token": "none", "status": 200}"#, false),
        (#"{"method": "GET", "path": "/Users", "tenant": "neighbour", "status": 200}"#, true),
        (
            #"{"method": "POST", "path": "/Users", "body": "{", "status": 400, "answer": {"scimType": "invalidSyntax"}}"#,
            true
        ),
    ])
    func `a step is found wrong when its answer is another`(step: String, isRight: Bool) async throws {
        let transcript = try Transcript.reading(json(of: step), name: "test")[0]

        try await withGateway { gateway in
            var replay = Replay(gateway)
            let findings = try await replay.findings(in: transcript)

            #expect(findings.isEmpty == isRight)
        }
    }

    @Test(arguments: [
        #"{"method": "GET", "path": "/Users", "status": 200, "anwser": {}}"#,
        #"{"method": "GET", "path": "/Users"}"#, #"{"method": "GET", "status": 200}"#,
        #"{"method": "GET", "path": "/Users", "status": 200, "tenant": "stranger"}"#,
    ])
    func `a step that says nothing sensible is refused`(step: String) throws {
        #expect(throws: Transcript.Damage.self) { try Transcript.reading(json(of: step), name: "test") }
    }

    @Test func `a name that was never captured is refused`() async throws {
        let step = #"{"method": "GET", "path": "/Users/{id}", "status": 404}"#
        let transcript = try Transcript.reading(json(of: step), name: "test")[0]

        try await withGateway { gateway in
            var replay = Replay(gateway)
            await #expect(throws: Transcript.Damage.self) { try await replay.findings(in: transcript) }
        }
    }

    private func json(of step: String) throws -> JSONValue {
        let text = #"{"source": "here", "dialects": ["generic"], "sets": ["full"], "steps": [\#(step)]}"#
        return try JSONReader.read(Array(text.utf8))
    }
}

@Suite("Comparing answers")
struct AnswerComparisonTests {
    @Test(arguments: [
        (#"{"a": 1, "b": 2}"#, #"{"a": 1}"#, true), (#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, false),
        (#"{"a": 1}"#, #"{"a": 2}"#, false), (#"{"a": 1}"#, #"{"a": 1.0}"#, false),
        (#"{"a": "é"}"#, "{\"a\": \"e\u{301}\"}", false),
        (#"{"a": 1}"#, #"{"b": null}"#, true), (#"{"b": []}"#, #"{"b": null}"#, false),
        (#"{"a": [{"v": 1, "t": 0}, {"v": 2}]}"#, #"{"a": [{"v": 2}, {"v": 1}]}"#, true),
        (#"{"a": [{"v": 1}, {"v": 1}]}"#, #"{"a": [{"v": 1}, {"v": 2}]}"#, false),
        (#"{"a": [1, 2, 3]}"#, #"{"a": [1, 2]}"#, false),
        (#"{"Resources": [{"v": 1}, {"v": 2}]}"#, #"{"Resources": [{"v": 1}, {"v": 2}]}"#, true),
        (#"{"Resources": [{"v": 1}, {"v": 2}]}"#, #"{"Resources": [{"v": 2}, {"v": 1}]}"#, false),
        (#"{"a": {"b": 1}}"#, #"{"a": [1]}"#, false),
    ])
    func `an answer holds what is expected, or a difference is found`(
        answer: String,
        expected: String,
        isLike: Bool
    ) throws {
        let differences = AnswerComparison.differences(
            try JSONReader.read(Array(answer.utf8)),
            from: try JSONReader.read(Array(expected.utf8))
        )

        #expect(differences.isEmpty == isLike)
    }
}
