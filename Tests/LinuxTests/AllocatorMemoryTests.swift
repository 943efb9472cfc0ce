import Glibc
import Linux
import Testing

/// A sanitizer brings an allocator of its own, of which the C library knows nothing.
@Suite("Memory that the allocator keeps", .serialized, .disabled(if: Sanitizer.isWatching))
struct AllocatorMemoryTests {
    @Test func `what was freed between blocks that live on is idle, and can be given back`() {
        // Other tests of this process allocate and give back meanwhile: of some bursts one shows it.
        let bursts = (0..<20).lazy.map { _ in Burst() }

        let shown = bursts.first { $0.idle > $0.inUse + Burst.half && $0.left < $0.idle - Burst.half }

        #expect(shown != nil, "no burst of twenty was idle and given back")
    }
}

/// What is idle around a burst of 64 MiB of which one block in 64 lives on, so that the arena cannot shrink by itself.
private struct Burst {
    /// While all of it is in use, once most of it is freed, and once it was given back: bytes.
    let inUse, idle, left: Int

    /// Half of it: what others do meanwhile is less.
    static let half = 32 * 1024 * 1024

    init() {
        var blocks = (0..<65_536).map { [UInt8](repeating: UInt8($0 & 0xff), count: 1_000) }
        inUse = AllocatorMemory.idleBytes
        blocks = blocks.enumerated().filter { $0.offset % 64 == 0 }.map(\.element)
        idle = AllocatorMemory.idleBytes
        AllocatorMemory.giveBack()
        left = AllocatorMemory.idleBytes
        precondition(blocks.allSatisfy { $0.count == 1_000 })
    }
}

/// Whether the tests run under a sanitizer.
private enum Sanitizer {
    static let isWatching = ["__tsan_init", "__asan_init"].contains { (name: String) in
        unsafe dlsym(nil, name) != nil
    }
}
