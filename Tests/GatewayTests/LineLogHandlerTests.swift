import Foundation
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import SCIM
import Testing

@testable import Gateway

@Suite("Log lines, for machines and for a terminal")
struct LineLogHandlerTests {
    @Test func `a line for machines is one JSON object with its fields in the order of their names`()
        async throws
    {
        let lines = try await Self.lines(.json) { logger in
            logger.notice("it \"is\"\nso", metadata: ["b": "two\nlines", "a": .stringConvertible(7)])
        }

        #expect(
            lines == [
                #"{"time":"2023-11-14T22:13:20.000Z","level":"notice","message":"it \"is\"\nso","logger":"test","a":7,"b":"two\nlines"}"#
            ]
        )
    }

    @Test func `a line for a terminal stays one line`() async throws {
        let lines = try await Self.lines(.text) { logger in
            logger.info("it is so", metadata: ["b": "two\nlines", "a": .stringConvertible(Int64(7))])
        }

        #expect(lines == ["22:13:20.000 info     it is so  a=7  b=twolines"])
    }

    @Test func `what every line carries stands among the rest, and a line's own field is the one told`()
        async throws
    {
        let lines = try await Self.lines(.text) { logger in
            var logger = logger
            logger[metadataKey: "b"] = "every line's"
            logger[metadataKey: "c"] = "every line's"
            logger.info("so", metadata: ["a": "own", "c": "own"])
        }

        #expect(lines == ["22:13:20.000 info     so  a=own  b=every line's  c=own"])
    }

    @Test func `what is below the level is not written`() async throws {
        let lines = try await Self.lines(.text) { logger in
            logger.debug("no")
            logger.info("yes")
        }

        #expect(lines == ["22:13:20.000 info     yes"])
    }

    @Test(arguments: [LineLogHandler.Format.json, .text])
    func `a request's line is the same by our handler and by any other`(format: LineLogHandler.Format)
        async throws
    {
        var refused = Self.record()
        refused.refused(.unavailable(cause: "disk \"full\""))
        refused.noted([Note(.dropped, "title"), Note(.alreadySo, "active"), Note(.unknown, "shoe")])
        let records = [Self.record(), refused]
        func write(_ logger: Logger) {
            for record in records {
                RequestLog(logger: logger).write(record, status: 503, ended: Self.now)
            }
        }

        let ours = try await Self.lines(format, write)
        let others = try await Self.lines(format) { logger in
            write(Logger(label: "other") { _ in Forwarding(inner: logger.handler) })
        }

        #expect(ours.count == 2)
        #expect(ours == others)
    }

    @Test func `what every line carries stands in a request's line as well`() async throws {
        let lines = try await Self.lines(.json) { logger in
            RequestLog(logger: logger).write(Self.record(), status: 200, ended: Self.now)
            var carrying = logger
            carrying[metadataKey: "a"] = "b"
            RequestLog(logger: carrying).write(Self.record(), status: 200, ended: Self.now)
        }

        #expect(lines.count == 2 && !lines[0].contains(#""a":"b""#))
        #expect(lines.last?.replacing(#""a":"b","#, with: "") == lines.first)
    }

    @Test func `a line that is longer than all that may wait is dropped and counted, and no other`()
        async throws
    {
        let (pipe, limit) = (Pipe(), GatewayLimits.pendingLogBytes)
        let sink = LogSink(pipe.fileHandleForWriting)

        sink.write([UInt8](repeating: UInt8(ascii: "x"), count: limit + 1))
        let afterOneTooLong = sink.droppedLines
        sink.write(Array("short\n".utf8))
        await sink.close()

        #expect(afterOneTooLong == 1 && sink.droppedLines == 1)
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(text.hasPrefix("short\n") && text.contains("log lines dropped"))
    }

    // MARK: - Parts

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    /// What a handler of that format writes.
    private static func lines(_ format: LineLogHandler.Format, _ work: (Logger) -> Void) async throws
        -> [String]
    {
        let pipe = Pipe()
        let sink = LogSink(pipe.fileHandleForWriting)
        work(
            Logger(label: "test") { label in
                LineLogHandler(label: label, threshold: LogThreshold(), format: format, sink: sink) { now }
            }
        )
        await sink.close()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    private static func record() -> RequestRecord {
        let head = HTTPRequest(method: .get, scheme: "https", authority: "scim.example", path: "/")
        return RequestRecord(
            requestID: RequestID(text: "r"),
            request: IncomingRequest(head: head, body: ByteBuffer()),
            peer: Peer(address: "192.0.2.1"),
            started: now
        )
    }

    /// A handler that is not ours, and hands on what it gets.
    private struct Forwarding: LogHandler {
        var inner: any LogHandler
        var metadata: Logger.Metadata {
            get { inner.metadata }
            set { inner.metadata = newValue }
        }
        var logLevel: Logger.Level {
            get { inner.logLevel }
            set { inner.logLevel = newValue }
        }

        func log(event: LogEvent) { inner.log(event: event) }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { inner[metadataKey: key] }
            set { inner[metadataKey: key] = newValue }
        }
    }
}
