import GatewayTesting
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

    @Test func `a client's certificate is told by its fingerprint, and only where one was shown`() {
        let kept = KeptLines()
        let log = RequestLog(logger: kept.logger)
        let peer = Peer(address: nil)

        log.write(
            Self.record(of: peer.showing(certificate: [0xAB, 0x01])),
            status: 200,
            ended: Self.now
        )
        log.write(Self.record(of: peer.showing(certificate: nil)), status: 200, ended: Self.now)

        let told = kept.lines.withLock { $0.map { $0["tls.client.hash.sha256"] } }
        #expect(told == ["sha256:ab01", nil])
    }

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static func record(of peer: Peer = Peer(address: nil)) -> RequestRecord {
        let head = HTTPRequest(method: .patch, scheme: "https", authority: "scim.example", path: "/")
        return RequestRecord(
            requestID: RequestID(text: "r"),
            request: IncomingRequest(head: head, body: ByteBuffer()),
            peer: peer,
            started: now
        )
    }
}
