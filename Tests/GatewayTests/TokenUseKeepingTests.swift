import CloudProfiles
import GatewayTesting
import HTTPTransport
import HTTPTypes
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import Gateway

@Suite("The uses of tokens, from the request to the control database")
struct TokenUseKeepingTests {
    @Test func `a request leaves time, network and client`() async throws {
        try await withGateway { gateway in
            let fields: HTTPFields = [.userAgent: "AzureAD/1.0 (x)"]

            _ = await gateway.send(.get, "/Users", fields: fields, from: "203.0.113.77")

            let second = Timestamp(milliseconds: TestGateway.now().milliseconds / 1_000 * 1_000)
            let used = gateway.runtime.directory.token(gateway.token.id)?.life.use.record
            #expect(
                used
                    == TokenUseRecord(
                        first: second,
                        last: second,
                        network: "203.0.113.0/24",
                        client: "AzureAD/1.0"
                    )
            )
        }
    }

    @Test func `a request that is not admitted uses no token`() async throws {
        let inside = AllowedSources.networks([try Network("10.0.0.0/8")])
        try await withGateway(allowFrom: inside) { gateway in
            let reply = await gateway.send(.get, "/Users", from: "203.0.113.9")

            #expect(reply.status == .unauthorized)
            #expect(gateway.runtime.directory.token(gateway.token.id)?.life.use.record == nil)
        }
    }

    @Test func `what requests noted is kept, and each use once`() async throws {
        try await withGateway { gateway in
            let keeping = TokenUseKeeping(
                runtime: gateway.runtime,
                logger: .silent,
                clock: ContinuousClock()
            )
            _ = await gateway.send(.get, "/Users")

            let isKept = await keeping.keep()
            let kept = try await gateway.runtime.control.contents().uses

            #expect(isKept && kept.keys.map(\.text) == [gateway.token.id.text])
            #expect(gateway.runtime.directory.token(gateway.token.id)?.life.use.unsaved == nil)
        }
    }

    @Test func `the first use of a token wakes who keeps it`() async throws {
        try await withGateway { gateway in
            // A clock that never ticks: only the first use can wake.
            let keeping = TokenUseKeeping(runtime: gateway.runtime, logger: .silent, clock: StillClock())
            let running = Task { await keeping.run() }

            _ = await gateway.send(.get, "/Users")

            var uses = try await gateway.runtime.control.contents().uses
            while uses.isEmpty {
                await Task.yield()
                uses = try await gateway.runtime.control.contents().uses
            }
            running.cancel()
            await running.value
            #expect(
                uses[gateway.token.id]?.first
                    == gateway.runtime.directory.token(gateway.token.id)?.life.use.first
            )
        }
    }

    @Test func `a database that refuses is told, and the uses stay to be kept later`() async throws {
        try await withGateway { gateway in
            let kept = KeptLines()
            let keeping = TokenUseKeeping(
                runtime: gateway.runtime,
                logger: kept.logger,
                clock: ContinuousClock()
            )
            _ = await gateway.send(.get, "/Users")
            await gateway.runtime.control.close()

            let isKept = await keeping.keep()
            _ = await keeping.keep(tellingFailure: false)

            #expect(!isKept && kept.lines.withLock { $0.map { $0["event"] } } == ["store.unavailable"])
            #expect(gateway.runtime.directory.token(gateway.token.id)?.life.use.unsaved != nil)
        }
    }

    @Test func `tokens are forgotten 90 days after their end, and uses that no token has any more`() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let use = { (days: Int64) in
            TokenUseRecord(
                first: now.adding(days: days),
                last: now.adding(days: days),
                network: nil,
                client: nil
            )
        }
        let contents = ControlContents(
            tokens: [
                Self.token("aaaaaaaa", expires: now.adding(days: -91)),
                Self.token("bbbbbbbb", expires: now.adding(days: -90)), Self.token("cccccccc", expires: nil),
            ],
            uses: [
                Self.id("cccccccc"): use(-200), Self.id("dddddddd"): use(-91), Self.id("eeeeeeee"): use(-90),
            ]
        )

        let forgettable = contents.forgettable(in: .empty(.commercial), now: now)

        #expect(forgettable.map(\.text) == ["aaaaaaaa", "dddddddd"])
    }

    @Test func `a token that stepped in place of another is forgotten after it`() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let old = Self.token("aaaaaaaa", expires: nil)
        let new = Self.token("bbbbbbbb", expires: now.adding(days: -91), inPlaceOf: old.id)

        let beside = ControlContents(tokens: [old, new]).forgettable(in: .empty(.commercial), now: now)
        let alone = ControlContents(tokens: [new]).forgettable(in: .empty(.commercial), now: now)

        #expect(beside.isEmpty)
        #expect(alone == [new.id])
    }

    private static func id(_ text: String) -> AccessToken.ID {
        // The ids above are 8 base62 characters.
        // swift-format-ignore: NeverForceUnwrap
        AccessToken.ID(text)!
    }

    private static func token(_ text: String, expires: Timestamp?, inPlaceOf old: AccessToken.ID? = nil)
        -> TokenRecord
    {
        TokenRecord(
            id: id(text),
            digest: Array(repeating: 1, count: 32),
            tenant: .init("contoso"),
            connection: .init("hr"),
            created: nil,
            expires: expires,
            revoked: nil,
            origin: .control,
            replacement: old.map { .init(of: $0, overlapMilliseconds: 0) }
        )
    }
}

/// A clock on which who sleeps, sleeps until cancelled.
struct StillClock: Clock {
    let now = ContinuousClock.now
    let minimumResolution = Duration.zero

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        for await _ in stream {}
        continuation.finish()
        throw CancellationError()
    }
}
