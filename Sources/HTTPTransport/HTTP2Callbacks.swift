internal import CNGHTTP2
internal import HTTPTypes

/// The table of functions that nghttp2 calls, each of which calls one method of the `HTTP2Session`.
///
/// nghttp2 copies it into each session, so it lives no longer than the making of one.
@safe
final class HTTP2Callbacks {
    /// For `nghttp2_session_server_new2`.
    let pointer: OpaquePointer

    /// A table with all functions in it.
    /// - Throws: `.library` when there is no memory.
    init() throws(HTTP2Fault) {
        var made: OpaquePointer?
        let result = unsafe nghttp2_session_callbacks_new(&made)
        guard result == 0, let made = unsafe made else {
            throw .library(result)
        }
        unsafe pointer = made
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(made, beganHeaders)
        unsafe nghttp2_session_callbacks_set_on_header_callback(made, receivedField)
        unsafe nghttp2_session_callbacks_set_on_invalid_header_callback(made, receivedInvalidField)
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, receivedData)
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(made, receivedFrame)
        unsafe nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, receivedInvalidFrame)
        unsafe nghttp2_session_callbacks_set_on_frame_send_callback(made, sentFrame)
        unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(made, didNotSendFrame)
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(made, closedStream)
    }

    deinit {
        unsafe nghttp2_session_callbacks_del(pointer)
    }

    /// Gives the bytes of a reply when nghttp2 has a window for them.
    static let replyBody: nghttp2_data_source_read_callback = unsafe readReplyBody
}

/// What a callback says: go on, or that the session is of no more use.
private func result(of work: () throws(HTTP2Fault) -> Void) -> Int32 {
    do throws(HTTP2Fault) {
        try work()
        return 0
    } catch {
        // The session has kept the reason.
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
}

private func session(_ user: UnsafeMutableRawPointer?) -> HTTP2Session {
    guard let user = unsafe user else {
        preconditionFailure("nghttp2 lost the pointer that it was given with the session")
    }
    return unsafe Unmanaged<HTTP2Session>.fromOpaque(user).takeUnretainedValue()
}

private func beganHeaders(
    _: OpaquePointer?,
    _ frame: UnsafePointer<nghttp2_frame>?,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else {
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    let isTrailer = unsafe frame.headers.cat == NGHTTP2_HCAT_HEADERS
    unsafe session(user).beganBlock(frame.hd.stream_id, isTrailer: isTrailer)
    return 0
}

private func receivedField(
    _: OpaquePointer?,
    _: UnsafePointer<nghttp2_frame>?,
    _ name: UnsafePointer<UInt8>?,
    _ nameLength: Int,
    _ value: UnsafePointer<UInt8>?,
    _ valueLength: Int,
    _: UInt8,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    let name = unsafe UnsafeBufferPointer(start: name, count: nameLength)
    let value = unsafe UnsafeBufferPointer(start: value, count: valueLength)
    return result { () throws(HTTP2Fault) in
        try unsafe session(user).receivedField(name.span, value.span)
    }
}

/// nghttp2's manual lets a field with a forbidden character be dropped; here its request is reset.
private func receivedInvalidField(
    _: OpaquePointer?,
    _: UnsafePointer<nghttp2_frame>?,
    _: UnsafePointer<UInt8>?,
    _: Int,
    _: UnsafePointer<UInt8>?,
    _: Int,
    _: UInt8,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
}

private func receivedData(
    _: OpaquePointer?,
    _: UInt8,
    _ stream: Int32,
    _ bytes: UnsafePointer<UInt8>?,
    _ length: Int,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    let bytes = unsafe UnsafeBufferPointer(start: bytes, count: length)
    return result { () throws(HTTP2Fault) in
        try unsafe session(user).receivedData(stream, bytes.span)
    }
}

private func receivedFrame(
    _: OpaquePointer?,
    _ frame: UnsafePointer<nghttp2_frame>?,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let head = unsafe frame?.pointee.hd else {
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    return result { () throws(HTTP2Fault) in
        try unsafe session(user).receivedFrame(type: head.type, flags: head.flags, head.stream_id)
    }
}

private func receivedInvalidFrame(
    _: OpaquePointer?,
    _ frame: UnsafePointer<nghttp2_frame>?,
    _: Int32,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let head = unsafe frame?.pointee.hd else {
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    unsafe session(user).refusedFrame(head.stream_id)
    return 0
}

private func sentFrame(
    _: OpaquePointer?,
    _ frame: UnsafePointer<nghttp2_frame>?,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame = unsafe frame?.pointee else {
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    let head = unsafe frame.hd
    let session = unsafe session(user)
    switch head.type {
    case HTTP2FrameHead.resetStream:
        unsafe session.sentReset(head.stream_id, code: frame.rst_stream.error_code)
        return 0
    case HTTP2FrameHead.goAway:
        unsafe session.sentGoAway(code: frame.goaway.error_code)
        return 0
    case HTTP2FrameHead.data:
        session.sentData(head.stream_id, bytes: head.length)
    case HTTP2FrameHead.headers:
        break
    default:
        return 0
    }
    if head.flags & HTTP2FrameHead.endStream != 0 {
        session.sentEnd(head.stream_id)
    }
    return 0
}

private func didNotSendFrame(
    _: OpaquePointer?,
    _ frame: UnsafePointer<nghttp2_frame>?,
    _: Int32,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    guard let head = unsafe frame?.pointee.hd else {
        return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    guard head.type == HTTP2FrameHead.headers else {
        return 0
    }
    return result { () throws(HTTP2Fault) in
        try unsafe session(user).didNotSendReply(head.stream_id)
    }
}

private func closedStream(
    _: OpaquePointer?,
    _ stream: Int32,
    _: UInt32,
    _ user: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe session(user).closedStream(stream)
    return 0
}

private func readReplyBody(
    _: OpaquePointer?,
    _ stream: Int32,
    _ room: UnsafeMutablePointer<UInt8>?,
    _ length: Int,
    _ flags: UnsafeMutablePointer<UInt32>?,
    _: UnsafeMutablePointer<nghttp2_data_source>?,
    _ user: UnsafeMutableRawPointer?
) -> Int {
    guard let flags = unsafe flags else {
        return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
    }
    let (count, isLast) = unsafe session(user).readBody(
        stream,
        into: UnsafeMutableRawBufferPointer(start: room, count: length)
    )
    if isLast {
        unsafe flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    }
    return count
}
