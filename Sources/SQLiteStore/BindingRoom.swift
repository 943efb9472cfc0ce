import Glibc

/// Memory for what one job of a writer binds: texts and blobs stay there until their statement has run, and SQLite copies
/// none of them.
///
/// A durable PATCH binds some twenty-two texts. To bind one that SQLite copies takes 370 instructions, and more to free the
/// copy: together a fiftieth of the change.
// SAFETY: the memory is there from init to free(), which its database calls when it has finalized its statements; only the
// thread that uses the database uses it.
@safe
struct BindingRoom {
    private let start: UnsafeMutableRawPointer
    private let used: UnsafeMutablePointer<Int>

    /// Bytes: most learners and their entries in the activity take two thousand; what has no room is copied by SQLite.
    static let capacity = 8_192

    /// Empty memory.
    init() {
        unsafe start = .allocate(byteCount: Self.capacity, alignment: 1)
        unsafe used = .allocate(capacity: 1)
        unsafe used.initialize(to: 0)
    }

    /// Gives the memory back.
    ///
    /// Only its database calls this.
    func free() {
        unsafe start.deallocate()
        unsafe used.deallocate()
    }

    /// Forgets what it holds: a job begins, and no statement has anything bound.
    func clear() {
        unsafe used.pointee = 0
    }

    /// Takes a copy of the bytes; nil when there is no room for them.
    func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        let (place, count) = unsafe (used.pointee, bytes.count)
        guard count <= Self.capacity - place else { return nil }
        unsafe used.pointee = place + count
        let kept = unsafe start + place
        if let source = bytes.baseAddress { unsafe memcpy(kept, source, count) }
        return UnsafeRawPointer(kept)
    }
}
