import Glibc
import Linux
import Testing

/// A sanitizer brings an allocator of its own, of which the C library knows nothing.
@Suite("Memory that the allocator keeps", .serialized, .disabled(if: Sanitizer.isWatching))
struct AllocatorMemoryTests {
    @Test func `what was freed between blocks that live on is idle, and can be given back`() {
        // A burst of 64 MiB; one block in 64 lives on, so that the arena cannot shrink by itself.
        var blocks = (0..<65_536).map { [UInt8](repeating: UInt8($0 & 0xff), count: 1_000) }
        let inUse = AllocatorMemory.idleBytes
        blocks = blocks.enumerated().filter { $0.offset % 64 == 0 }.map(\.element)

        let idle = AllocatorMemory.idleBytes
        AllocatorMemory.giveBack()
        let left = AllocatorMemory.idleBytes

        #expect(idle > inUse + 32 * 1024 * 1024, "\(inUse) → \(idle)")
        #expect(left < idle - 32 * 1024 * 1024, "\(idle) → \(left)")
        #expect(blocks.allSatisfy { $0.count == 1_000 })
    }
}

/// Whether the tests run under a sanitizer.
private enum Sanitizer {
    static let isWatching = ["__tsan_init", "__asan_init"].contains { (name: String) in
        unsafe dlsym(nil, name) != nil
    }
}
