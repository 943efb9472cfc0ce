import CloudProfiles
import GatewayTesting
import HTTPTransport
import SCIM
import Synchronization
import Testing

@testable import Gateway

@Suite("Connections that end for a fault, in the log")
struct FaultLogTests {
    @Test func `a line tells why, and whose connection it was`() {
        let kept = KeptLines()
        let log = Self.log(kept, at: Wall())

        log.tell(.resetFlood, of: Peer(address: "192.0.2.7"))

        let line = kept.lines.withLock { $0.first } ?? [:]
        #expect(line["event"] == "connection.fault")
        #expect(line["error.type"] == "reset_flood")
        #expect(line["client.address"] == "192.0.2.7")
        #expect(line["server.address"] == "0.0.0.0:8443")
        #expect(line["count"] == "1")
    }

    @Test func `the eleventh of a second waits for the next second's line, which counts it`() {
        let kept = KeptLines()
        let wall = Wall()
        let log = Self.log(kept, at: wall)

        for _ in 0..<12 { log.tell(.frameFlood, of: Peer(address: nil)) }
        #expect(kept.lines.withLock { $0.count } == 10)
        wall.milliseconds.withLock { $0 += 1_000 }
        log.tell(.frameFlood, of: Peer(address: nil))
        log.tell(.frameFlood, of: Peer(address: nil))

        #expect(kept.lines.withLock { $0.suffix(3).map { $0["count"] } } == ["1", "3", "1"])
    }

    private static func log(_ kept: KeptLines, at wall: Wall) -> FaultLog {
        FaultLog(logger: kept.logger, address: "0.0.0.0:8443", profile: .commercial) {
            Timestamp(milliseconds: wall.milliseconds.withLock(\.self))
        }
    }

    private final class Wall: Sendable {
        let milliseconds = Mutex<Int64>(1_700_000_000_000)
    }
}
