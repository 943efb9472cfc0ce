@testable import HTTPTransport

/// HTTP/1 messages: the same ones come of the same bytes, however these are cut, and none is beyond the limits.
///
/// An input is what a client sends on one connection. A path that begins with `/ignore` is answered without its body
/// being asked for. The limits are small, so that inputs reach them.
enum HTTP1Promises {
    static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.requestLineBytes = 96
        limits.fieldBytes = 64
        limits.headerBytes = 160
        limits.fields = 6
        limits.bodyBytes = 48
        limits.chunkExtensionBytes = 12
        limits.trailerBytes = 24
        limits.lingerBytes = 256
        return limits
    }()

    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let whole = HTTP1Conversation([input[...]], limits: limits)
        let cut = HTTP1Conversation(Cuts.chosen(by: input), limits: limits)
        try promise("the same messages come of the same bytes in pieces", cut.messages == whole.messages)
        // In pieces, what cannot become a head may be refused before its line ends.
        try promise("what is refused as a whole is refused in pieces", cut.refusals >= whole.refusals)
        try promise("a connection ends at its first refusal", cut.refusals <= 1)
        // The last may be one whose body did not come before the end.
        let due = whole.messages.count + whole.refusals
        try promise("each message is answered once", (due - 1...due).contains(whole.answers))
        // `GET / HTTP/1.0` and an empty line.
        try promise("no message comes of nothing", whole.messages.count <= input.count / 18)
        for message in whole.messages {
            try checkLimits(of: message)
            try checkWriting(of: message)
        }
    }

    private static func checkLimits(of message: HTTP1Conversation.Message) throws(BrokenPromise) {
        // In characters, of which each was a byte at least; the space behind the colon may be ours.
        let sizes = message.fields.map { $0.unicodeScalars.count - 1 }
        try promise("a target is within the request line", message.path.utf8.count <= limits.requestLineBytes)
        try promise("fields are few", sizes.count <= limits.fields)
        try promise("fields are short", sizes.allSatisfy { $0 <= limits.fieldBytes })
        try promise("the header is short", sizes.reduce(0, +) <= limits.headerBytes)
        try promise("a body is short", message.body?.count ?? 0 <= limits.bodyBytes)
        let isOneLine = { (field: String) in field.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\t") }
        }
        try promise("a field is one line", message.fields.allSatisfy(isOneLine))
    }

    /// Nobody behind us reads a message in another way: written anew, it is the only one, and the same.
    private static func checkWriting(of message: HTTP1Conversation.Message) throws(BrokenPromise) {
        guard message.body != nil else { return }
        let again = HTTP1Conversation([message.written[...]], limits: HTTPLimits())
        try promise("a message written anew is the same message", again.messages == [message])
    }
}
