internal import CLinux

/// What the C library's allocator keeps of memory that was freed (malloc_trim(3), mallinfo(3)).
///
/// Each thread allocates from an arena of its own, which gives pages back by itself only from its end: one small block
/// that lives on behind a burst of others keeps all of them resident. Measured with fifty HTTP/2 connections of a
/// hundred answers each: 42 MiB before, 95 MiB for ever after, 45 MiB once the pages were given back.
package enum AllocatorMemory {
    /// Memory of this process alone that is resident and that nobody has allocated, bytes.
    ///
    /// Stacks and the like are counted as well: some 3 MiB that nothing brings back.
    package static var idleBytes: Int {
        max(0, gateway_private_resident_bytes() - Int(clamping: gateway_allocated_bytes()))
    }

    /// Gives pages of which nothing is allocated back to the system.
    ///
    /// Takes milliseconds, with hundreds of megabytes in small pieces a tenth of a second, in which other threads may
    /// have to wait to allocate; so does ``idleBytes``.
    package static func giveBack() {
        gateway_release_free_memory()
    }
}
