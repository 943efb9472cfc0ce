import Foundation
import NIOCore
import NIOPosix

@testable import HTTPTransport

/// The handler behind a real socket on 127.0.0.1, for outside clients.
struct LoopbackServer {
    /// What the connections speak.
    enum HTTPVersion {
        case one
        case two
    }

    let port: Int
    private let channel: any Channel

    /// Serves while `body` runs.
    ///
    /// One loop, so that all connections share it.
    static func run<T>(
        protocol version: HTTPVersion = .one,
        limits: HTTPLimits = HTTPLimits(),
        halfCloses: Bool = false,
        respond: @escaping Respond = Answers.echo,
        _ body: (LoopbackServer) async throws -> T
    ) async throws -> T {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loops = HTTPLoops(group: group, clock: { 0 })
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: halfCloses)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let loop = loops[channel.eventLoop]
                    switch version {
                    case .one:
                        try HTTP1Handler.install(
                            on: channel,
                            loop: loop,
                            limits: limits,
                            respond: respond,
                            refuse: Answers.refuse
                        )
                    case .two:
                        try HTTP2Handler.install(
                            on: channel,
                            loop: loop,
                            limits: limits,
                            respond: respond,
                            refuse: Answers.refuse
                        )
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(port: channel.localAddress?.port ?? 0, channel: channel)
        do {
            let value = try await body(server)
            try await group.shutdownGracefully()
            return value
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }
}

/// A program outside this process that speaks HTTP in its own way.
enum OutsideClient {
    /// Runs a program for at most 30 seconds and gives what it printed.
    static func output(of program: String, _ arguments: [String], input: String = "") async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "30", program] + arguments
        let (inPipe, outPipe) = (Pipe(), Pipe())
        process.standardInput = inPipe
        process.standardOutput = outPipe
        process.standardError = outPipe
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                do {
                    try process.run()
                    try inPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                    try inPipe.fileHandleForWriting.close()
                    let output = try outPipe.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    continuation.resume(returning: String(decoding: output, as: UTF8.self))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    static func curl(_ arguments: String...) async throws -> String {
        try await output(of: "curl", ["-sS"] + arguments)
    }

    /// What raw sockets of a Python client saw: the final statuses, and whether the server closed.
    struct Seen: Codable, Equatable {
        let statuses: [Int]
        let closed: Bool
        let bytes: Int
        let seconds: Double
    }

    /// Sends each script's bytes on a connection of its own, all at the same time.
    static func raw(port: Int, _ scripts: [RawScript]) async throws -> [Seen] {
        let job = try JSONEncoder().encode(scripts)
        let output = try await output(
            of: "python3",
            ["-c", python, String(port)],
            input: String(decoding: job, as: UTF8.self)
        )
        return try JSONDecoder().decode([Seen].self, from: Data(output.utf8))
    }

    private static let python = """
        import json, re, socket, sys, threading, time
        scripts, seen = json.load(sys.stdin), {}
        def run(index, script):
            begun = time.monotonic()
            sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
            sock.settimeout(script["wait"])
            received, count, closed = b"", 0, False
            try:
                sock.sendall(bytes.fromhex(script["hex"]))
                for _ in range(script["drips"]):
                    time.sleep(0.05)
                    sock.sendall(b"a")
            except OSError:
                pass
            if script["shuts"]:
                sock.shutdown(socket.SHUT_WR)
            if script["hangsUp"]:
                sock.close()
                seen[index] = {"statuses": [], "closed": True, "bytes": 0, "seconds": 0.0}
                return
            time.sleep(script["delay"])
            try:
                while True:
                    more = sock.recv(script["takes"])
                    closed = not more
                    count += len(more)
                    received += more if len(received) < 1 << 16 else b""
                    time.sleep(script["pause"])
                    if closed:
                        break
            except TimeoutError:
                pass
            except OSError:
                closed = True
            statuses = [int(x) for x in re.findall(rb"HTTP/1\\.1 (\\d{3})", received)]
            seen[index] = {"statuses": [x for x in statuses if x != 100], "closed": closed, "bytes": count,
                           "seconds": time.monotonic() - begun}
        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(scripts)]
        for thread in threads: thread.start()
        for thread in threads: thread.join(25)
        print(json.dumps([seen[i] for i in range(len(scripts))]))
        """
}

/// What one raw client does.
struct RawScript: Codable {
    /// Bytes sent first, in hexadecimal.
    let hex: String
    /// Single bytes sent afterwards, one in 50 ms.
    var drips = 0
    /// Whether it closes its side when all is sent.
    var shuts = false
    /// Whether it closes without reading.
    var hangsUp = false
    /// Seconds it waits for more bytes or for the end.
    var wait = 0.5
    /// Seconds before it reads at all; then the bytes it reads at a time, and the pause between.
    var delay = 0.0
    var takes = 65_536
    var pause = 0.0

    init(_ bytes: [UInt8]) {
        hex = bytes.map { (byte: UInt8) in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    func with(_ change: (inout RawScript) -> Void) -> RawScript {
        var script = self
        change(&script)
        return script
    }
}
