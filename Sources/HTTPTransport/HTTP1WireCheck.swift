internal import Glibc

/// Finds where a message's head and body end in the raw bytes of a connection, and refuses what is over a limit
/// or not framed as RFC 9112 says.
///
/// It stands before NIO's decoder for three reasons. The decoder (llhttp) is strict with header lines but forgives
/// doubled spaces in the request line, an HTTP/0.9 line and chunk extensions without end. Its limits cannot tell
/// 414 from 431. And it reads on into the next request, while here exactly one message at a time is let through,
/// so that a client that sends ahead is held back by TCP. Both must agree on where a message ends; if they ever
/// do not, the request is refused.
///
/// Pure: bytes in, a step out. Offsets in a step count from the first byte that no earlier step consumed.
struct HTTP1WireCheck {
    private let limits: HTTPLimits
    private var position = Position.requestLine

    /// Where the line being looked for starts: behind the lines of the head that are checked already.
    private var lineStart = 0
    /// Bytes known to hold no line end, so that a head dripping in byte by byte is searched once only.
    private var searched = 0

    private var emptyLines = 0
    private var fields = 0
    private var headerBytes = 0
    private var bodyBytes = 0
    private var extensionBytes = 0
    private var trailerBytes = 0

    /// What to do with the bytes at hand.
    enum Step: Equatable {
        /// Keep them; more must come first.
        case needsMore
        /// The first *n* are sound and of no further use: drop them.
        case skip(Int)
        /// The first *n* are sound and part of the body.
        case pass(Int)
        /// The first *n* are one whole head. Say what follows by `bodyFollows` before the next step.
        case head(Int)
        /// The first *n* complete the body; the next request begins behind them.
        case bodyEnd(Int)
        /// They break a rule. Nothing behind them can be trusted.
        case refuse(HTTPRefusal)
    }

    private enum Position: Equatable {
        case requestLine
        case fieldLine
        case headEnd
        case length(Int)
        case chunkLine
        case chunkBytes(Int)
        case chunkEnd
        case trailerLine
    }

    /// A check for one connection.
    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Looks at the bytes that no step has consumed yet.
    mutating func advance(over bytes: Span<UInt8>) -> Step {
        do throws(HTTPRefusal) {
            switch position {
            case .requestLine, .fieldLine:
                return try advanceHead(bytes)
            case .length(let left):
                return advanceLength(bytes, left: left)
            case .chunkLine, .chunkBytes, .chunkEnd:
                return try advanceChunks(bytes)
            case .trailerLine:
                return try advanceTrailer(bytes)
            case .headEnd:
                preconditionFailure("bytes were offered before the framing of the body was told")
            }
        } catch {
            return .refuse(error)
        }
    }

    /// Tells what the head announced; to be called after each `head` step.
    mutating func bodyFollows(_ framing: BodyFraming) {
        precondition(position == .headEnd, "a body follows a head")
        switch framing {
        case .none: beginMessage()
        case .length(let count): position = .length(count)
        case .chunked: position = .chunkLine
        }
    }

    /// Whether no byte of the next message has been looked at.
    var isBetweenMessages: Bool { position == .requestLine && searched == 0 && emptyLines == 0 }

    /// Passes over a head that is known to be sound.
    ///
    /// Between messages only; `bodyFollows` as after a `head` step.
    mutating func passHead() {
        precondition(isBetweenMessages, "a known head begins a message")
        position = .headEnd
    }

    private mutating func beginMessage() {
        self = HTTP1WireCheck(limits: limits)
    }
}

// MARK: - Head

extension HTTP1WireCheck {
    private mutating func advanceHead(_ bytes: Span<UInt8>) throws(HTTPRefusal) -> Step {
        while true {
            guard position == .fieldLine else {
                if let step = try advanceRequestLine(bytes) {
                    return step
                }
                continue
            }
            let line = try nextLine(
                bytes,
                limit: limits.fieldBytes,
                tooLong: .headerTooLarge,
                unended: .badRequest(.fieldLine)
            )
            guard let line else {
                // The CRLF that ends the head is not counted.
                guard headerBytes + bytes.count - lineStart <= limits.headerBytes + 2 else {
                    throw .headerTooLarge
                }
                return .needsMore
            }
            lineStart = line.upperBound + 2
            if line.isEmpty {
                position = .headEnd
                return .head(consume(lineStart))
            }
            fields += 1
            headerBytes += line.count + 2
            guard fields <= limits.fields, headerBytes <= limits.headerBytes else {
                throw .headerTooLarge
            }
        }
    }

    /// Nil when the line is sound and the field lines may be read.
    private mutating func advanceRequestLine(_ bytes: Span<UInt8>) throws(HTTPRefusal) -> Step? {
        let line = try nextLine(
            bytes,
            limit: limits.requestLineBytes,
            tooLong: .uriTooLong,
            unended: .badRequest(.requestLine)
        )
        guard let line else {
            // A TLS hello or other noise on a plain port need not wait for the header timeout.
            if bytes.count > 0, !isTokenByte(bytes[0]), bytes[0] != carriageReturn {
                throw .badRequest(.requestLine)
            }
            return .needsMore
        }
        if line.isEmpty {
            // RFC 9112 §2.2: an empty line left over from the request before is to be ignored. Two, no more.
            emptyLines += 1
            guard emptyLines <= 2 else {
                throw .badRequest(.requestLine)
            }
            return .skip(consume(line.upperBound + 2))
        }
        try checkRequestLine(bytes.extracting(line))
        lineStart = line.upperBound + 2
        position = .fieldLine
        return nil
    }

    /// `METHOD SP TARGET SP HTTP/1.x` with single spaces.
    ///
    /// Method and target are looked at again after decoding.
    private func checkRequestLine(_ line: Span<UInt8>) throws(HTTPRefusal) {
        var first = 0
        while first < line.count, line[first] != space {
            first += 1
        }
        let last = line.count - versionBytes - 1
        guard first > 0, last > first + 1, line[last] == space else {
            throw .badRequest(.requestLine)
        }
        for index in (first + 1)..<last where line[index] == space {
            throw .badRequest(.requestLine)
        }
        let version = line.extracting((last + 1)...)
        for (index, byte) in "HTTP/".utf8.enumerated() where version[index] != byte {
            throw .badRequest(.requestLine)
        }
        guard isDigit(version[5]), version[6] == UInt8(ascii: "."), isDigit(version[7]) else {
            throw .badRequest(.requestLine)
        }
        guard version[5] == UInt8(ascii: "1"), version[7] <= UInt8(ascii: "1") else {
            throw .versionNotSupported
        }
    }
}

// MARK: - Body

extension HTTP1WireCheck {
    private mutating func advanceLength(_ bytes: Span<UInt8>, left: Int) -> Step {
        guard bytes.count < left else {
            beginMessage()
            return .bodyEnd(left)
        }
        guard bytes.count > 0 else {
            return .needsMore
        }
        position = .length(left - bytes.count)
        return .pass(bytes.count)
    }

    /// Takes as many chunks as are at hand in one step, up to the line of the last chunk.
    private mutating func advanceChunks(_ bytes: Span<UInt8>) throws(HTTPRefusal) -> Step {
        var at = 0
        chunks: while at < bytes.count {
            switch position {
            case .chunkBytes(let left):
                let taken = min(left, bytes.count - at)
                at += taken
                position = taken == left ? .chunkEnd : .chunkBytes(left - taken)
            case .chunkEnd:
                guard bytes.count - at >= 2 else {
                    break chunks
                }
                guard bytes[at] == carriageReturn, bytes[at + 1] == lineFeed else {
                    throw .badRequest(.chunk)
                }
                at += 2
                position = .chunkLine
            default:
                lineStart = at
                let longest = longestSize + limits.chunkExtensionBytes
                let line = try nextLine(
                    bytes,
                    limit: longest,
                    tooLong: .badRequest(.chunk),
                    unended: .badRequest(.chunk)
                )
                guard let line else {
                    break chunks
                }
                let size = try chunkSize(bytes.extracting(line))
                at = line.upperBound + 2
                position = size > 0 ? .chunkBytes(size) : .trailerLine
                if size == 0 {
                    break chunks
                }
            }
        }
        return at > 0 ? .pass(consume(at)) : .needsMore
    }

    /// `1*HEXDIG [ chunk-ext ]`; the decoder checks the extension's own syntax.
    private mutating func chunkSize(_ line: Span<UInt8>) throws(HTTPRefusal) -> Int {
        var size = 0
        var digits = 0
        while digits < line.count, let digit = hexValue(line[digits]) {
            guard digits < longestSize else {
                throw .badRequest(.chunk)
            }
            // Saturating keeps a size near 2⁶⁴ too large instead of letting it trap.
            size = min(size, Int.max >> 4 - 15) << 4 + digit
            digits += 1
        }
        guard digits > 0, digits == line.count || line[digits] == UInt8(ascii: ";") else {
            throw .badRequest(.chunk)
        }
        extensionBytes += line.count - digits
        guard extensionBytes <= limits.chunkExtensionBytes else {
            throw .badRequest(.chunk)
        }
        guard size <= limits.bodyBytes - bodyBytes else {
            throw .bodyTooLarge
        }
        bodyBytes += size
        return size
    }

    /// Trailers never reach the decoder, so they cannot be merged into the header (RFC 9110 §6.5.1).
    private mutating func advanceTrailer(_ bytes: Span<UInt8>) throws(HTTPRefusal) -> Step {
        lineStart = 0
        let line = try nextLine(
            bytes,
            limit: limits.trailerBytes,
            tooLong: .badRequest(.trailer),
            unended: .badRequest(.trailer)
        )
        guard let line else {
            return .needsMore
        }
        if line.isEmpty {
            beginMessage()
            return .bodyEnd(2)
        }
        trailerBytes += line.count + 2
        guard trailerBytes <= limits.trailerBytes else {
            throw .badRequest(.trailer)
        }
        return .skip(consume(line.upperBound + 2))
    }
}

// MARK: - Lines

extension HTTP1WireCheck {
    /// The next line from `lineStart` on, without its CRLF; nil when its end has not come.
    private mutating func nextLine(
        _ bytes: Span<UInt8>,
        limit: Int,
        tooLong: HTTPRefusal,
        unended: HTTPRefusal
    ) throws(HTTPRefusal) -> Range<Int>? {
        guard let end = firstLineFeed(in: bytes, from: max(lineStart, searched)) else {
            searched = bytes.count
            guard bytes.count - lineStart <= limit + 1 else {
                throw tooLong
            }
            return nil
        }
        searched = end + 1
        guard end > lineStart, bytes[end - 1] == carriageReturn else {
            throw unended
        }
        guard end - 1 - lineStart <= limit else {
            throw tooLong
        }
        return lineStart..<(end - 1)
    }

    /// Moves the offsets to where they will be once the first `count` bytes are gone.
    private mutating func consume(_ count: Int) -> Int {
        searched = max(0, searched - count)
        lineStart = 0
        return count
    }
}

/// Hexadecimal digits of a chunk size: 64 bits.
private let longestSize = 16
/// Length of "HTTP/1.1".
private let versionBytes = 8
private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")

private func firstLineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count else {
        return nil
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        guard let first = buffer.baseAddress,
            let found = unsafe memchr(first + start, Int32(lineFeed), buffer.count - start)
        else {
            return nil
        }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(first)
    }
}
