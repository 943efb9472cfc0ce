import HTTPTransport

/// HTTP/1 messages: the same ones come of the same bytes, however these are cut, and none is beyond the limits.
///
/// An input is what a client sends on one connection; ``RequestRecord`` answers.
enum HTTP1Promises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let whole = HTTP1Conversation([input[...]], limits: SmallLimits.http)
        let cut = HTTP1Conversation(Cuts.chosen(by: input), limits: SmallLimits.http)
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
            try message.check(SmallLimits.http)
            try checkWriting(of: message)
        }
        try checkKnownHeads(of: input)
    }

    /// A head that is read by the one before it is read as if there had been none.
    ///
    /// The client says the same three times, the second time with one thing changed.
    private static func checkKnownHeads(of input: [UInt8]) throws(BrokenPromise) {
        let pieces = [input[...], Edits.chosen(by: input)[...], input[...]]
        let short = HTTP1Conversation(pieces, limits: SmallLimits.http)
        let long = HTTP1Conversation(pieces, limits: SmallLimits.httpWithoutMemory)
        try promise("a known head is the same message as an unknown one", short.messages == long.messages)
        try promise("a known head is answered as an unknown one", short.sent == long.sent)
    }

    /// Nobody behind us reads a message in another way: written anew, it is the only one, and the same.
    private static func checkWriting(of message: HTTPMessage) throws(BrokenPromise) {
        guard message.body != nil else { return }
        let again = HTTP1Conversation([message.written[...]], limits: HTTPLimits())
        try promise("a message written anew is the same message", again.messages == [message])
    }
}
