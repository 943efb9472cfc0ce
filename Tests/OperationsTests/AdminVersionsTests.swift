import Foundation
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import Gateway
@testable import Operations

@Suite("Versions of the admin socket")
struct AdminVersionsTests {
    @Test func `every answer names the program, and one shape tells both versions`() async throws {
        try await withDesk { folder in
            let reply = await Self.ask(folder, .get, "/v1/version")

            #expect(reply.status == .ok)
            #expect(reply.fields[.server] == "scim-gateway/\(ProgramVersion.text)")
            let version: AdminMessages.Version = try Self.read(reply)
            #expect(version.operations == "v1" && version.version == ProgramVersion.text)
        }
    }

    @Test func `a command of another version of the operations is told which are spoken`() async throws {
        try await withDesk { folder in
            let reply = await Self.ask(folder, .get, "/v2/status", agent: "scim-gateway/9.0.0")

            let problem: AdminMessages.Problem = try Self.read(reply)
            #expect(problem.status == 404 && problem.type == AdminVersions.type)
            #expect(problem.detail.contains("speaks v1 of the admin socket, not v2"))
            #expect(problem.detail.contains("the command is 9.0.0"))
        }
    }

    @Test func `an operation that is newer than the gateway is told with both versions`() async throws {
        try await withDesk { folder in
            let reply = await Self.ask(folder, .post, "/v1/wonders", agent: "scim-gateway/9.0.0")

            let problem: AdminMessages.Problem = try Self.read(reply)
            #expect(problem.status == 404)
            #expect(
                problem.detail
                    == "the gateway that runs (scim-gateway \(ProgramVersion.text)) has no operation POST /v1/wonders, and the "
                    + "command is 9.0.0"
            )
        }
    }

    @Test func `an answer of another shape is told as one of another version`() throws {
        let answer = AdminAnswer(body: Data(#"{"release":"9"}"#.utf8), server: "scim-gateway/9.0.0")

        let problem = #expect(throws: AdminMessages.Problem.self) {
            let _: AdminMessages.Version = try answer.message()
        }

        #expect(problem?.type == AdminVersions.type)
        #expect(problem?.detail.contains("the gateway that runs is scim-gateway 9.0.0") == true)
        #expect(problem?.detail.contains("this command is \(ProgramVersion.text)") == true)
    }

    @Test(
        arguments: [("scim-gateway/1.2.3", "1.2.3"), ("curl/8.0", nil), (nil, nil)] as [(String?, String?)]
    )
    func `only this program's own name tells a version`(product: String?, version: String?) {
        #expect(AdminVersions.version(of: product) == version)
    }

    private static func ask(
        _ folder: DeskFolder,
        _ method: HTTPRequest.Method,
        _ path: String,
        agent: String? = nil
    ) async -> Reply {
        var head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        head.headerFields[.userAgent] = agent
        let routes = AdminRoutes(desk: folder.desk, logger: Logger(label: "test"))
        return await routes.respond(to: IncomingRequest(head: head, body: ByteBuffer()))
    }

    private static func read<Message: Decodable>(_ reply: Reply) throws -> Message {
        guard case .bytes(let bytes) = reply.body else {
            Issue.record("an answer without a body")
            throw AdminAnswer.Missing()
        }
        return try JSONDecoder().decode(Message.self, from: Data(bytes.readableBytesView))
    }
}
