import Crypto
import Synchronization
import TLSTransport
import Testing

@testable import Gateway

@Suite("Session tickets, RFC 5077 and RFC 8446 §4.6.1")
struct TicketKeysTests {
    static let versions = [TLSVersion.tls12, .tls13]

    @Test(arguments: versions, [TLSPolicy.commercial, .gccHigh])
    func `a session is resumed with its ticket`(version: TLSVersion, policy: TLSPolicy) throws {
        let context = try TestFiles.shared.context(policy)

        let first = try visit(context, version)
        let second = try visit(context, version, resuming: first.session)

        #expect(!first.isResumed)
        #expect(second.isResumed)
    }

    @Test(arguments: versions)
    func `a renewed certificate does not end sessions`(version: TLSVersion) throws {
        let first = try visit(TestFiles.shared.context(.commercial, "p256"), version)

        let second = try visit(
            TestFiles.shared.context(.commercial, "p384"),
            version,
            resuming: first.session
        )

        #expect(second.isResumed)
    }

    @Test(arguments: versions)
    func `a ticket lives through one rotation and not through two`(version: TLSVersion) throws {
        let keys = try TicketKeys(library: TestFiles.shared.library)
        let context = try TestFiles.shared.context(.commercial, tickets: keys)
        let first = try visit(context, version)

        keys.rotate()
        #expect(try visit(context, version, resuming: first.session).isResumed)

        keys.rotate()
        #expect(try !visit(context, version, resuming: first.session).isResumed)
    }

    @Test(arguments: versions)
    func `a ticket of the key before is replaced by one of the present key`(version: TLSVersion) throws {
        let keys = try TicketKeys(library: TestFiles.shared.library)
        let context = try TestFiles.shared.context(.commercial, tickets: keys)
        var session = try visit(context, version).session

        for _ in 0..<4 {
            keys.rotate()
            let next = try visit(context, version, resuming: session)
            #expect(next.isResumed)
            session = next.session
        }
    }

    @Test(arguments: versions)
    func `a ticket is unknown under the keys of another profile, to which all else is equal`(
        version: TLSVersion
    ) throws {
        let other = try TicketKeys(library: LibraryContext(name: "other"))
        let first = try visit(TestFiles.shared.context(.commercial), version)

        let second = try visit(
            TestFiles.shared.context(.commercial, tickets: other),
            version,
            resuming: first.session
        )

        #expect(!second.isResumed)
    }

    @Test(arguments: versions)
    func `a ticket is of no use under another profile's name, were the keys the same`(version: TLSVersion)
        throws
    {
        let first = try visit(TestFiles.shared.context(.commercial), version)
        let renamed = TLSPolicy.commercial.changed { $0.sessionIDContext = "gcc" }

        let second = try visit(TestFiles.shared.context(renamed), version, resuming: first.session)

        #expect(!second.isResumed)
    }

    @Test(arguments: versions, [0, 16, 40, -1])
    func `a ticket that was changed is an unknown ticket`(version: TLSVersion, position: Int) throws {
        let context = try TestFiles.shared.context(.commercial)
        let session = try #require(try visit(context, version).session)

        session.damage(at: position < 0 ? session.ticketBytes + position : position)

        #expect(try !visit(context, version, resuming: session).isResumed)
    }

    @Test(arguments: versions)
    func `without keys no ticket is given and none is taken`(version: TLSVersion) throws {
        let context = try TestFiles.shared.context(.commercial, tickets: nil)
        let elsewhere = try visit(TestFiles.shared.context(.commercial), version)

        let first = try visit(context, version)

        #expect(elsewhere.session.map { $0.ticketBytes } ?? 0 > 0)
        #expect(first.session.map { $0.ticketBytes } ?? 0 == 0)
        #expect(try !visit(context, version, resuming: first.session).isResumed)
        #expect(try !visit(context, version, resuming: elsewhere.session).isResumed)
    }

    @Test(arguments: [(1, true), (2, false)])
    func `the gateway rotates the keys once a period`(periods: Int, isResumed: Bool) async throws {
        let keys = try TicketKeys(library: TestFiles.shared.library)
        let context = try TestFiles.shared.context(.commercial, tickets: keys)
        let session = try visit(context, .tls13).session
        let clock = EndingClock(sleeps: periods)

        await TicketKeyRotation(keys: [keys], clock: clock).run()

        #expect(clock.slept == Array(repeating: .seconds(TicketKeys.period), count: periods))
        #expect(try visit(context, .tls13, resuming: session).isResumed == isResumed)
    }

    @Test func `openssl resumes within a profile, and not in another`() async throws {
        let session = TestFiles.shared.folder + "/outside.session"
        let context = try TestFiles.shared.context(.commercial)
        let foreign = try TestFiles.shared.context(
            .gccHigh,
            tickets: TicketKeys(library: TestFiles.shared.library)
        )

        try await EchoServer.with(context) { server in
            let first = try await server.sClient("-tls1_2", "-sess_out", session)
            let second = try await server.sClient("-tls1_2", "-sess_in", session)
            #expect(first.output.contains("New, TLSv1.2"))
            #expect(second.output.contains("Reused, TLSv1.2"))
        }
        try await EchoServer.with(foreign) { server in
            let third = try await server.sClient("-tls1_2", "-sess_in", session)
            #expect(third.output.contains("New, TLSv1.2"), "\(third.output)")
        }
    }

    private struct Visit {
        let isResumed: Bool
        let session: ClientSession.Resumable?
    }

    /// One connection with a word from the client, and what it leaves for the next.
    private func visit(
        _ context: TLSServerContext,
        _ version: TLSVersion,
        resuming session: ClientSession.Resumable? = nil
    ) throws -> Visit {
        let connection = try ClientOnChannel(
            client: .init(newest: version, resumed: session),
            context: context
        )
        #expect(try connection.shakeHands())
        connection.client.write([1])
        try connection.exchange()
        _ = connection.client.read()
        #expect(connection.above.plaintext == [1])
        return Visit(isResumed: connection.client.isResumed, session: connection.client.resumable)
    }
}

/// A clock on which so many sleeps end at once, and the next is cancelled.
private final class EndingClock: Clock, Sendable {
    private let sleeps: Int
    private let noted = Mutex<[Duration]>([])

    init(sleeps: Int) {
        self.sleeps = sleeps
    }

    var now: ContinuousClock.Instant { start }
    var minimumResolution: Duration { .zero }
    var slept: [Duration] { noted.withLock { $0 } }

    private let start = ContinuousClock().now

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let mayPass = noted.withLock { noted in
            guard noted.count < sleeps else { return false }
            noted.append(start.duration(to: deadline))
            return true
        }
        if !mayPass { throw CancellationError() }
    }
}
