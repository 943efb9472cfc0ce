internal import NIOCore

/// One request and its reply on an HTTP/2 connection, as `HTTP2State` sees them.
///
///     body:  unread ─ pulled ─▶ waiting ─ room ─▶ reading ─▶ over
///              └──── complete when pulled ───────────────────▲
struct HTTP2Stream: Equatable {
    /// What the head says of the body's length; nil when it says nothing.
    let length: Int?
    /// Whether the client waits for 100 before it sends the body.
    let expectsContinue: Bool
    /// Where the body is.
    var body: Body
    /// Bytes of the reply's body that no window was there for yet.
    var unsentBytes = 0
    /// When the client last took some of them.
    var takenAt: NIODeadline
    /// When the reply was out to its end; the client may still be sending its body then.
    var answeredAt: NIODeadline?

    /// How far a request's body has come.
    enum Body: Equatable {
        /// Nobody has asked for it; the stream's window bounds what is here.
        case unread(bytes: Int, isComplete: Bool)
        /// It was asked for and must wait until others are done with theirs.
        case waiting(bytes: Int)
        /// It is being read.
        case reading(bytes: Int, since: NIODeadline)
        /// There is none, or it was given, refused or is not wanted: what comes is dropped.
        case over
    }
}
