import CloudProfiles
import HTTPTransport
import Logging
import SCIM
import Synchronization

/// Tells of connections that a listener ended because of what the client did, a few in each second.
///
/// ```
/// {"level":"notice","message":"connection ended","event":"connection.fault","error.type":"reset_flood",
///  "client.address":"192.0.2.7","count":1,…}
/// ```
///
/// A flood of connections would else be a flood of lines. Those that are not told are counted in the next line that is:
/// `count` is 1 for its own and one more for each of them.
final class FaultLog: Sendable {
    private let logger: Logger
    private let address: String
    private let profile: CloudProfile.Name
    private let now: @Sendable () -> Timestamp
    private let told = Mutex(Told())

    private struct Told {
        var second: Int64 = 0
        var lines = 0
        var untold = 0
    }

    /// A log of one listener: where it listens, and for which cloud.
    init(
        logger: Logger,
        address: String,
        profile: CloudProfile.Name,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.logger = logger
        self.address = address
        self.profile = profile
        self.now = now
    }

    /// Tells of one connection, or counts it.
    func tell(_ fault: HTTP2Fault, of peer: Peer) {
        guard let count = lineCount() else { return }
        logger.notice(
            "connection ended",
            metadata: [
                "event": "connection.fault", "error.type": .string(fault.name),
                "client.address": .string(peer.text), "server.address": .string(address),
                "scim.profile": .string(profile.rawValue), "network.protocol.version": "2",
                "count": .stringConvertible(count),
            ]
        )
    }

    /// How many connections a line stands for; nil when this second has had its lines.
    private func lineCount() -> Int? {
        let second = now().milliseconds / 1_000
        return told.withLock { told in
            if told.second != second { (told.second, told.lines) = (second, 0) }
            guard told.lines < GatewayLimits.faultLinesPerSecond else {
                told.untold += 1
                return nil
            }
            defer { told.untold = 0 }
            told.lines += 1
            return told.untold + 1
        }
    }
}
