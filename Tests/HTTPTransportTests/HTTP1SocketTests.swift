import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite("HTTP/1 over sockets, with clients that are not ours")
struct HTTP1SocketTests {
    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a.test\r\n\(fields)\r\n"
    }

    private static let startOfPost = "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 500\r\n\r\n"

    @Test func `curl gets, posts, posts in chunks and asks for heads over one connection`() async throws {
        try await LoopbackServer.run { server in
            let url = "http://127.0.0.1:\(server.port)/x"

            let output = try await OutsideClient.curl(
                "-w",
                "|%{http_code} %{num_connects}\n",
                url,
                url,
                "--next",
                "-sS",
                "-w",
                "|%{http_code} %{num_connects}\n",
                "-d",
                "hello",
                url,
                "--next",
                "-sS",
                "-w",
                "|%{http_code} %{num_connects}\n",
                "-H",
                "Transfer-Encoding: chunked",
                "-d",
                "hello",
                url
            )

            let host = "127.0.0.1:\(server.port)"
            #expect(
                output == """
                    GET /x \(host) |200 1
                    GET /x \(host) |200 0
                    POST /x \(host) hello|200 0
                    POST /x \(host) hello|200 0

                    """
            )
            let head = try await OutsideClient.curl("-I", url)
            #expect(
                head.hasPrefix("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: ")
            )
        }
    }

    @Test(arguments: [(1_048_576, "200"), (1_048_577, "413")])
    func `curl uploads up to the limit and reads its refusal beyond`(bytes: Int, status: String) async throws
    {
        let file = FileManager.default.temporaryDirectory.appending(path: "upload-\(bytes)-\(getpid())")
        try Data(count: bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        try await LoopbackServer.run { server in
            for encoding in ["X-None: x", "Transfer-Encoding: chunked"] {
                let output = try await OutsideClient.curl(
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    "-H",
                    "Expect:",
                    "-H",
                    encoding,
                    "--data-binary",
                    "@\(file.path())",
                    "http://127.0.0.1:\(server.port)/x"
                )
                #expect(output == status)
            }
        }
    }

    @Test func `curl reads a refusal while it is still sending far more than is accepted`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "flood-\(getpid())")
        try Data(count: 3 << 20).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        try await LoopbackServer.run { server in
            let output = try await OutsideClient.curl(
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "-H",
                "Expect:",
                "-H",
                "Transfer-Encoding: chunked",
                "--data-binary",
                "@\(file.path())",
                "http://127.0.0.1:\(server.port)/x"
            )

            #expect(output == "413")
        }
    }

    @Test func `a raw client sees each framing case answered once and broken ones closed`() async throws {
        let cases = FramingCase.accepted + FramingCase.refused

        let seen = try await LoopbackServer.run { server in
            try await OutsideClient.raw(port: server.port, cases.map { RawScript($0.bytes) })
        }

        try #require(seen.count == cases.count)
        for (message, outcome) in zip(cases, seen) {
            #expect(outcome.statuses.count == 1, "\(message.name)")
            #expect(message.statuses.isSuperset(of: outcome.statuses), "\(message.name)")
            #expect(outcome.closed || message.statuses == [200], "\(message.name)")
        }
    }

    @Test func `clients that hang up anywhere do no harm`() async throws {
        let request = Array((Self.startOfPost + "{").utf8)

        let after = try await LoopbackServer.run { server in
            _ = try await OutsideClient.raw(
                port: server.port,
                (0...request.count).map { cut in
                    RawScript(Array(request.prefix(cut))).with { $0.hangsUp = true }
                }
            )
            return try await OutsideClient.raw(port: server.port, [RawScript(Self.get("/x"))])
        }

        #expect(after.first?.statuses == [200])
    }

    @Test func `slow clients are cut, and told why where they asked something`() async throws {
        var limits = HTTPLimits()
        limits.headerTimeout = .milliseconds(400)
        limits.bodyTimeout = .milliseconds(400)
        limits.idleTimeout = .milliseconds(700)
        limits.lingerTimeout = .milliseconds(200)
        let scripts = [
            "", "GET /x HTTP/1.1\r\n", "GET /x HTTP/1.1\r\nX-Slow: ", Self.startOfPost, Self.get("/x"),
        ]
        .enumerated().map { index, text in
            RawScript(text).with {
                $0.drips = index == 2 ? 100 : 0
                $0.wait = 5
            }
        }

        let seen = try await LoopbackServer.run(limits: limits) { server in
            try await OutsideClient.raw(port: server.port, scripts)
        }

        #expect(seen.map(\.closed) == [true, true, true, true, true])
        // Who goes on sending after the end may lose the answer to a reset; who listens reads it.
        #expect(
            seen.enumerated().filter { $0.offset != 2 }.map(\.element.statuses) == [[], [408], [408], [200]]
        )
        #expect(seen.filter { $0.seconds > 6 }.isEmpty)
    }

    @Test func `a client that reads slowly is served, one that does not read is cut`() async throws {
        var limits = HTTPLimits()
        limits.replyStallTimeout = .milliseconds(1200)
        let large = ByteBuffer(repeating: 0x78, count: 24 << 20)
        let request = RawScript(Self.get("/x", "Connection: close\r\n"))
        let scripts = [
            request.with { ($0.takes, $0.pause, $0.wait) = (1 << 20, 0.1, 5) },
            request.with { ($0.delay, $0.wait) = (4, 5) },
        ]

        let seen = try await LoopbackServer.run(
            limits: limits,
            respond: { _ in Reply(status: .ok, body: .bytes(large)) }
        ) { server in
            try await OutsideClient.raw(port: server.port, scripts)
        }

        try #require(seen.map(\.statuses) == [[200], [200]])
        #expect(seen.map(\.closed) == [true, true])
        #expect(seen[0].bytes > large.readableBytes)
        #expect(seen[0].seconds > 1.6)
        #expect(seen[1].bytes < large.readableBytes)
    }

    @Test func `a client that closes its side is answered where half-closure is on`() async throws {
        let script = RawScript(Self.get("/1") + Self.get("/2")).with { $0.shuts = true }

        let seen = try await LoopbackServer.run(halfCloses: true) { server in
            try await OutsideClient.raw(port: server.port, [script])
        }

        #expect(seen.first?.statuses == [200, 200])
        #expect(seen.first?.closed == true)
    }

    @Test func `an answer that comes from another thread is sent from the loop`() async throws {
        let respond: Respond = { request in
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume() }
            }
            return await Answers.echo(request)
        }
        let requests = (1...20).map { Self.get("/", $0 == 20 ? "Connection: close\r\n" : "") }.joined()
        let script = RawScript(requests).with { $0.wait = 10 }

        let seen = try await LoopbackServer.run(respond: respond) { server in
            try await OutsideClient.raw(port: server.port, Array(repeating: script, count: 8))
        }

        #expect(seen.map(\.statuses) == Array(repeating: Array(repeating: 200, count: 20), count: 8))
    }
}
