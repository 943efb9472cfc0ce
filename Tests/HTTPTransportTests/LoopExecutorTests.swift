import Dispatch
import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("Tasks on an event loop")
struct LoopExecutorTests {
    @Test func `a burst of resumed tasks wakes the loop once`() {
        let loop = CountingLoop()
        let executor = LoopExecutor(loop)
        let gate = Gate()
        let done = Mutex(0)
        let request = IncomingRequest(
            head: .init(method: .get, scheme: nil, authority: nil, path: "/"),
            version: "",
            pull: nil
        )
        for _ in 0..<10 {
            _ = executor.start {
                _ = await gate.respond(request)
                done.withLock { $0 += 1 }
            }
        }

        for _ in 0..<10 {
            gate.open()
        }

        #expect(loop.executed == 1)
        loop.inner.run()
        #expect(done.withLock { $0 } == 10)
        #expect(loop.executed == 1)
    }

    @Test func `what is put off to the end of a turn is done by one wake-up, or when the sixteenth comes`() {
        let loop = CountingLoop()
        let shared = HTTPLoop(loop, clock: { 0 })
        let done = Mutex(0)
        for _ in 0..<15 {
            shared.atEndOfTurn { done.withLock { $0 += 1 } }
        }
        #expect(done.withLock { $0 } == 0)

        shared.atEndOfTurn { done.withLock { $0 += 1 } }
        #expect(done.withLock { $0 } == 16)
        shared.atEndOfTurn { done.withLock { $0 += 1 } }
        loop.inner.run()

        #expect(done.withLock { $0 } == 17)
        #expect(loop.executed == 2)
    }

    @Test func `work that never suspends is done when start returns`() {
        let executor = LoopExecutor(CountingLoop())
        let done = Mutex(false)

        _ = executor.start { done.withLock { $0 = true } }

        #expect(done.withLock { $0 })
    }

    @Test func `the nghttp2 that is linked tells its version`() {
        #expect(HTTP2Library.version.split(separator: ".").count == 3)
    }

    @Test func `the Date of a loop follows the clock, and one second is written once`() {
        let second = Mutex<Int64>(0)
        let loop = HTTPLoop(EmbeddedEventLoop(), clock: { second.withLock { $0 } })
        #expect(String(buffer: loop.dateLine.line) == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")

        second.withLock { $0 = 1 }

        #expect(String(buffer: loop.dateLine.line) == "Date: Thu, 01 Jan 1970 00:00:01 GMT\r\n")
    }
}

/// A loop in memory that counts how often it was asked to execute.
// SAFETY: used by the one thread that made it, as `EmbeddedEventLoop` checks.
private final class CountingLoop: EventLoop, @unchecked Sendable {
    let inner = EmbeddedEventLoop()
    private(set) var executed = 0

    var inEventLoop: Bool { true }
    var now: NIODeadline { inner.now }

    func execute(_ task: @escaping @Sendable () -> Void) {
        executed += 1
        inner.execute(task)
    }

    func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        inner.scheduleTask(deadline: deadline, task)
    }

    func scheduleTask<T>(in time: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        inner.scheduleTask(in: time, task)
    }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        inner.shutdownGracefully(queue: queue, callback)
    }
}
