/// Why no answer came.
package struct HTTPSFailure: Error, Sendable, Equatable {
    /// What went wrong.
    package let code: Code
    /// The same in a sentence, safe for anyone.
    package let sentence: String

    /// What can go wrong on the way to an answer.
    package enum Code: String, Sendable, CaseIterable {
        /// The name has no address here.
        case unresolved
        /// Nobody takes the connection.
        case notConnected
        /// It took longer than ``OutboundLimits``.
        case timedOut
        /// The server's certificate is not one to be trusted, or not for that name.
        case untrusted
        /// TLS came to no agreement.
        case handshake
        /// This machine's OpenSSL cannot offer what was to be offered.
        case impossible
        /// The file of authorities cannot be used.
        case badAuthorities
        /// The connection ended before the answer did.
        case broken
        /// The answer is larger than ``OutboundLimits/bodyBytes``.
        case tooLarge
        /// libcurl refuses the URL, or fails in some other way.
        case failed
    }

    /// A failure in a sentence.
    package init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// Same code.
    package static func == (left: HTTPSFailure, right: HTTPSFailure) -> Bool { left.code == right.code }
}
