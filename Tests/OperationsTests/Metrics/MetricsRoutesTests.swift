import HTTPTransport
import HTTPTypes
import NIOCore
import Testing

@testable import Gateway
@testable import Operations

@Suite("Pages of the figures' address")
struct MetricsRoutesTests {
    @Test(arguments: [
        ("/metrics", HTTPRequest.Method.get, 200), ("/metrics?x=1", .get, 200), ("/livez", .head, 200),
        ("/readyz", .get, 503), ("/metrics", .post, 405), ("/livez", .delete, 405), ("/metrics/", .get, 404),
        ("/", .get, 404), ("/scim/v2/Users", .get, 404), ("*", .options, 404),
    ])
    func `three pages are read, and nothing else is`(path: String, method: HTTPRequest.Method, status: Int)
        async throws
    {
        try await withDesk { folder in
            let reply = await MetricsRoutes(core: folder.core).respond(to: request(method, path))

            #expect(reply.status.code == status)
            #expect(reply.fields[.allow] == (status == 405 ? "GET, HEAD" : nil))
        }
    }

    @Test func `the figures bear the media type of their format`() async throws {
        try await withDesk { folder in
            let reply = await MetricsRoutes(core: folder.core).respond(to: request(.get, "/metrics"))

            #expect(reply.fields[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            guard case .bytes(let body) = reply.body else {
                Issue.record("figures come in one piece")
                return
            }
            // The process's own figures are others at each look.
            let names = GatewayFigures(core: folder.core).exposition.families.map(\.name)
            let lines = String(buffer: body).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            #expect(lines.map { $0.split(separator: " ")[2] } == names.map { Substring($0) })
        }
    }

    private func request(_ method: HTTPRequest.Method, _ path: String) -> IncomingRequest {
        let head = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:9464", path: path)
        return IncomingRequest(head: head, version: "1.1", pull: nil)
    }
}
