import Foundation
import Synchronization
import Testing

@testable import Linux

@Suite("Which threads go first")
struct ThreadPrecedenceTests {
    @Test func `who stands back is behind who answers`() async throws {
        let answering = try #require(await Self.found(after: .answering))
        let standingBack = try #require(await Self.found(after: .standingBack))

        #expect(standingBack.isBehind(answering))
        #expect(!answering.isBehind(standingBack))
        #expect(!answering.isBehind(answering))
    }

    @Test func `who answers asks for a tenth of a millisecond, where the kernel knows slices`() async throws {
        let answering = try #require(await Self.found(after: .answering))

        // Before Linux 6.12 it tells nothing of them.
        #expect([100_000, 0].contains(answering.slice))
    }

    /// What a thread of its own has after it took that: one cannot take back what it has given up.
    private static func found(after precedence: ThreadPrecedence) async -> ThreadPrecedence? {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                precedence.take()
                continuation.resume(returning: ThreadPrecedence.current)
            }
            thread.start()
        }
    }
}
