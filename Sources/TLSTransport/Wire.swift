internal import COpenSSL
internal import Crypto
internal import NIOCore

/// The two ends of one session that OpenSSL sees: the ciphertext at hand, and the ciphertext made.
///
/// A BIO of our own reads from the ByteBuffer that the channel has just brought and appends to the
/// one that goes back: a memory BIO would copy everything once more.
@safe
final class Wire {
    /// Ciphertext of the peer that OpenSSL has not taken yet.
    private(set) var input = ByteBuffer()
    /// Ciphertext for the peer.
    private(set) var output = ByteBuffer()
    /// Messages of the handshake layer that the peer has sent, and warnings it drew from us.
    ///
    /// See `TLSLimits`.
    var handshakeMessages = 0

    private let allocator: ByteBufferAllocator

    init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    /// Adds ciphertext of the peer.
    ///
    /// Without rest of an earlier one the buffer itself is kept, not a copy.
    func append(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeImmutableBuffer(bytes)
        }
    }

    /// Takes what is made for the peer; nil when there is nothing.
    func takeOutput() -> ByteBuffer? {
        guard output.readableBytes > 0 else { return nil }
        defer { output = ByteBuffer() }
        return output
    }

    /// Makes room before much is written, so that the buffer grows once.
    func reserveOutput(_ count: Int) {
        if output.readableBytes == 0 {
            output = allocator.buffer(capacity: count)
        } else {
            output.reserveCapacity(minimumWritableBytes: count)
        }
    }

    /// Moves up to the room's size of input there; 0 when there is none.
    fileprivate func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, input.readableBytes)
        guard count > 0 else { return 0 }
        unsafe input.readWithUnsafeReadableBytes { bytes in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
        // An idle connection must not hold the channel's last read buffer.
        if input.readableBytes == 0 { input = ByteBuffer() }
        return count
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) {
        if output.capacity == 0 {
            output = allocator.buffer(capacity: max(bytes.count, Self.smallestOutput))
        }
        unsafe output.writeBytes(bytes)
    }

    /// First size of an output buffer nobody reserved, bytes: a server's first flight with a chain
    /// of two.
    private static let smallestOutput = 4096
}

extension Wire {
    /// A BIO over this object, owned by the caller.
    ///
    /// The object must outlive it.
    func makeBIO(in library: LibraryContext) -> OpaquePointer? {
        guard let bio = unsafe library.withPointer({ unsafe BIO_new_ex($0, Self.method) }) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        return unsafe bio
    }

    /// Lets all sessions of the context count in their wires; a session names its own by
    /// `countMessages(of:)`.
    static func countMessages(in context: OpaquePointer) {
        unsafe SSL_CTX_set_msg_callback(context, countMessage)
    }

    /// Makes this the wire of the session whose messages are counted.
    func countMessages(of ssl: OpaquePointer) {
        unsafe gateway_SSL_set_msg_callback_arg(ssl, Unmanaged.passUnretained(self).toOpaque())
    }

    // SAFETY: made once, by the thread that comes first, never changed afterwards, never freed.
    private nonisolated(unsafe) static let method: OpaquePointer? = unsafe makeMethod()

    private static func makeMethod() -> OpaquePointer? {
        let kind = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(kind, "ByteBuffer") else { return nil }
        unsafe BIO_meth_set_read_ex(method, readWire)
        unsafe BIO_meth_set_write_ex(method, writeWire)
        unsafe BIO_meth_set_ctrl(method, controlWire)
        unsafe BIO_meth_set_create(method, createWire)
        return unsafe method
    }
}

/// BIO_meth_set_read_ex(3): no input is "try again", never the end: the handler knows when the
/// channel ended.
private func readWire(
    _ bio: OpaquePointer?,
    _ room: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
    unsafe gateway_BIO_clear_retry_flags(bio)
    guard let wire = unsafe wire(of: bio) else { return 0 }
    let taken = unsafe wire.read(into: UnsafeMutableRawBufferPointer(start: room, count: size))
    unsafe count?.pointee = taken
    guard taken == 0 else { return 1 }
    unsafe gateway_BIO_set_retry_read(bio)
    return 0
}

/// BIO_meth_set_write_ex(3): takes everything; `TLSHandler` bounds how much it lets be written.
private func writeWire(
    _ bio: OpaquePointer?,
    _ bytes: UnsafePointer<CChar>?,
    _ size: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
    unsafe gateway_BIO_clear_retry_flags(bio)
    guard let wire = unsafe wire(of: bio) else { return 0 }
    unsafe wire.write(UnsafeRawBufferPointer(start: bytes, count: size))
    unsafe count?.pointee = size
    return 1
}

/// BIO_meth_set_ctrl(3): a flush has nothing to do and succeeds; nothing else is supported.
private func controlWire(
    _ bio: OpaquePointer?,
    _ command: Int32,
    _ number: Int,
    _ argument: UnsafeMutableRawPointer?
) -> Int {
    command == BIO_CTRL_FLUSH ? 1 : 0
}

/// BIO_meth_set_create(3): a BIO that is not marked as ready is not read.
private func createWire(_ bio: OpaquePointer?) -> Int32 {
    unsafe BIO_set_init(bio, 1)
    return 1
}

private func wire(of bio: OpaquePointer?) -> Wire? {
    guard let address = unsafe BIO_get_data(bio) else { return nil }
    return unsafe Unmanaged<Wire>.fromOpaque(address).takeUnretainedValue()
}

/// SSL_CTX_set_msg_callback(3).
///
/// Called for every record, too: those are passed over at once.
private func countMessage(
    _ isWrite: Int32,
    _ version: Int32,
    _ contentType: Int32,
    _ bytes: UnsafeRawPointer?,
    _ size: Int,
    _ ssl: OpaquePointer?,
    _ argument: UnsafeMutableRawPointer?
) {
    // Inbound: KeyUpdate and what else the handshake layer has. Outbound: the warning
    // no_renegotiation, which is all that one sees of a refused renegotiation.
    let isCounted = isWrite == 0 ? contentType == SSL3_RT_HANDSHAKE : contentType == SSL3_RT_ALERT
    guard isCounted, let argument = unsafe argument else { return }
    unsafe Unmanaged<Wire>.fromOpaque(argument).takeUnretainedValue().handshakeMessages += 1
}
