import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import SCIM
import Synchronization
import Testing

@testable import Gateway

@Suite("The line that each request leaves in the log")
struct RequestLogTests {
    @Test func `notes are told by name, counted by kind, and unknown names only counted`() {
        let kept = KeptLines()
        let log = RequestLog(logger: kept.logger)
        var record = Self.record()
        record.noted([
            Note(.dropped, "title", count: 2), Note(.dropped, "emails"), Note(.alreadySo, "active"),
            Note(.unknown, "secret"), Note(.unknown, "shoe", count: 4),
        ])

        log.write(record, status: 200, ended: Self.now)

        let line = kept.lines.withLock { $0.first } ?? [:]
        #expect(line["scim.attributes"] == "title dropped,emails dropped,active alreadySo,5 unknown")
        #expect(line["scim.notes.dropped"] == "3")
        #expect(line["scim.notes.already_so"] == "1")
        #expect(line["scim.notes.unknown"] == "5")
    }

    @Test func `a request that stored all it named says nothing of notes`() {
        let kept = KeptLines()

        RequestLog(logger: kept.logger).write(Self.record(), status: 200, ended: Self.now)

        let line = kept.lines.withLock { $0.first } ?? [:]
        #expect(line["http.route"] == "-")
        #expect(!line.keys.contains { $0.hasPrefix("scim.") })
    }

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static func record() -> RequestRecord {
        let head = HTTPRequest(method: .patch, scheme: "https", authority: "scim.example", path: "/")
        return RequestRecord(
            requestID: RequestID(text: "r"),
            request: IncomingRequest(head: head, body: ByteBuffer()),
            peer: Peer(address: nil),
            started: now
        )
    }
}

/// The metadata of lines, as text.
final class KeptLines: Sendable {
    let lines = Mutex<[[String: String]]>([])

    /// A logger whose lines are kept here.
    var logger: Logger { Logger(label: "test") { _ in Handler(kept: self) } }

    private struct Handler: LogHandler {
        let kept: KeptLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        func log(event: LogEvent) {
            kept.lines.withLock { $0.append((event.metadata ?? [:]).mapValues { "\($0)" }) }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
