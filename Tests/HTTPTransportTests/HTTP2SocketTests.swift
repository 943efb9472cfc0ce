import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite("HTTP/2 over sockets, with a client that is not ours")
struct HTTP2SocketTests {
    private static let two = "--http2-prior-knowledge"

    @Test(arguments: [([], "GET /x "), (["-d", "hello"], "POST /x ")])
    func `curl gets and posts`(more: [String], start: String) async throws {
        try await LoopbackServer.run(protocol: .two) { server in
            let url = "http://127.0.0.1:\(server.port)/x"

            let output = try await OutsideClient.output(
                of: "curl",
                ["-sS", Self.two, "-w", "|%{http_version} %{http_code}", url] + more
            )

            #expect(output == "\(start)127.0.0.1:\(server.port) \(more.last ?? "")|2 200")
        }
    }

    @Test func `curl asks for a head`() async throws {
        let head = try await LoopbackServer.run(protocol: .two) { server in
            try await OutsideClient.curl(Self.two, "-I", "http://127.0.0.1:\(server.port)/x")
        }

        #expect(head.hasPrefix("HTTP/2 200 \r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: "))
    }

    @Test(arguments: [(1_048_576, "200"), (1_048_577, "413")])
    func `curl uploads up to the limit and reads its refusal beyond`(bytes: Int, status: String) async throws
    {
        let file = FileManager.default.temporaryDirectory.appending(path: "upload2-\(bytes)-\(getpid())")
        try Data(count: bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        try await LoopbackServer.run(protocol: .two) { server in
            for length in ["Expect:", "Content-Length:"] {
                let output = try await OutsideClient.curl(
                    Self.two,
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    "-H",
                    length,
                    "--data-binary",
                    "@\(file.path())",
                    "http://127.0.0.1:\(server.port)/x"
                )
                #expect(output == status)
            }
        }
    }

    @Test func `curl downloads what is larger than any window`() async throws {
        let large = ByteBuffer(repeating: 0x78, count: 24 << 20)

        let output = try await LoopbackServer.run(
            protocol: .two,
            respond: { _ in Reply(status: .ok, body: .bytes(large)) }
        ) { server in
            try await OutsideClient.curl(
                Self.two,
                "-o",
                "/dev/null",
                "-w",
                "%{http_code} %{size_download}",
                "http://127.0.0.1:\(server.port)/x"
            )
        }

        #expect(output == "200 \(large.readableBytes)")
    }

    @Test func `a client that reads slowly is served, one that does not read is cut`() async throws {
        var limits = HTTPLimits()
        limits.replyStallTimeout = .milliseconds(1200)
        let large = ByteBuffer(repeating: 0x78, count: 24 << 20)
        let widest: UInt32 = 0x7fff_ffff
        let request = RawScript(
            Frame.preface + Frame.settings([(4, widest)]).bytes + Frame.settingsAcknowledgement.bytes
                + Frame.windowUpdate(0, widest - 65_535).bytes + HTTP2Wire.get(1).bytes
        )
        let scripts = [
            request.with { ($0.takes, $0.pause, $0.wait) = (1 << 20, 0.1, 1) },
            request.with { ($0.delay, $0.wait) = (4, 5) },
        ]

        let seen = try await LoopbackServer.run(
            protocol: .two,
            limits: limits,
            respond: { _ in Reply(status: .ok, body: .bytes(large)) }
        ) { server in
            try await OutsideClient.raw(port: server.port, scripts)
        }

        #expect(seen[0].bytes > large.readableBytes)
        #expect(seen[0].seconds > 1.6)
        #expect(seen[1].bytes < large.readableBytes)
        #expect(seen[1].closed)
    }
}
