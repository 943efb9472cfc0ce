internal import NIOCore

/// Plaintext that the application has written and that is not encrypted yet, with the promises of
/// its writes.
///
/// Writes are joined: the pieces of a reply leave in one record, not in one each.
struct PlaintextQueue {
    /// Bytes that were flushed and may be encrypted.
    private(set) var flushedBytes = 0
    /// Bytes that have been encrypted in the connection's life.
    private(set) var encryptedBytes: Int64 = 0

    private var bytes = ByteBuffer()
    private var writtenBytes: Int64 = 0
    private var writes = CircularBuffer<Write>()

    /// A write whose promise waits until the byte before `end` has left.
    private struct Write {
        let end: Int64
        let promise: EventLoopPromise<Void>
    }

    /// Adds one write.
    mutating func append(_ buffer: ByteBuffer, promise: EventLoopPromise<Void>?) {
        writtenBytes += Int64(buffer.readableBytes)
        if let promise { writes.append(Write(end: writtenBytes, promise: promise)) }
        if bytes.readableBytes == 0 {
            // The buffer itself, not a copy: a reply is one write as a rule.
            bytes = buffer
            return
        }
        // What is encrypted already would else stay in front for as long as the queue never runs
        // empty.
        if bytes.readerIndex > Self.mostSpentBytes { bytes.discardReadBytes() }
        bytes.writeImmutableBuffer(buffer)
    }

    /// All that was written may leave.
    mutating func markFlushed() {
        flushedBytes = bytes.readableBytes
    }

    /// Encrypts a batch of what was flushed.
    mutating func encrypt(in session: TLSSession, atMost limit: Int) -> TLSStep {
        let before = bytes.readableBytes
        let step = session.encrypt(&bytes, atMost: min(limit, flushedBytes))
        let count = before - bytes.readableBytes
        flushedBytes -= count
        encryptedBytes += Int64(count)
        if bytes.readableBytes == 0 { bytes = ByteBuffer() }
        return step
    }

    /// The promise to give to the channel with the ciphertext made so far; it completes all writes
    /// in it.
    mutating func takePromise() -> EventLoopPromise<Void>? {
        guard let first = writes.first, first.end <= encryptedBytes else { return nil }
        writes.removeFirst()
        while let next = writes.first, next.end <= encryptedBytes {
            first.promise.futureResult.cascade(to: next.promise)
            writes.removeFirst()
        }
        return first.promise
    }

    /// Gives up all that is left; the promises are for the caller to fail once nothing here is
    /// being changed, as whoever waits for one may write again.
    mutating func removeAll() -> [EventLoopPromise<Void>] {
        defer {
            bytes = ByteBuffer()
            flushedBytes = 0
            writes.removeAll()
        }
        return writes.map(\.promise)
    }

    /// Encrypted bytes that may lie before the waiting ones, bytes, before they are moved over.
    private static let mostSpentBytes = 256 * 1024
}
