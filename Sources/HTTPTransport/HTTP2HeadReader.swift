internal import HTTPTypes

/// Reads header blocks, field by field as the decoder hands them over: by a head that is known from before as far as the
/// block agrees with it, and the long way, `HTTP2FieldBlock` and `HTTP2Head`, from where it does not.
///
/// The long way takes 15,600 of a GET's 167,000 instructions. What is read is what it would have read.
struct HTTP2HeadReader {
    private let limits: HTTPLimits
    private let floodFactor: Int
    /// Heads that were read the long way and found sound, of a method each.
    private var known: [HTTP2KnownHead] = []
    /// How far the block at hand agrees with one of them; nil once it goes the long way.
    private var guess: HTTP2KnownHead.Guess?
    /// The block at hand, as far as it went the long way.
    private var block: HTTP2FieldBlock
    /// The same as it came, to be kept; nil for what is not kept.
    private var record: HTTP2FieldRecord?

    /// Heads that are kept: a cycle of Entra has GET, PATCH and POST.
    static let mostHeads = 3

    /// A reader that knows no head.
    init(limits: HTTPLimits, floodFactor: Int) {
        self.limits = limits
        self.floodFactor = floodFactor
        block = HTTP2FieldBlock(limits: limits, floodFactor: floodFactor)
    }

    /// Whether the block at hand agrees with a known head, so far.
    var isKnown: Bool { guess != nil }

    /// Why the block at hand is refused for its size.
    var refusal: HTTPRefusal? { block.refusal }

    /// A block begins.
    mutating func begin(isTrailer: Bool) {
        guess = isTrailer || known.isEmpty ? nil : HTTP2KnownHead.Guess()
        if guess == nil {
            beginBlock(isKept: !isTrailer)
        }
    }

    private mutating func beginBlock(isKept: Bool) {
        block = HTTP2FieldBlock(limits: limits, floodFactor: floodFactor)
        record = isKept && limits.knownHeadBytes > 0 ? HTTP2FieldRecord() : nil
    }

    /// Takes one field of the block.
    /// - Throws: `.headerFlood` for a block that is far over its limits.
    mutating func add(name: Span<UInt8>, value: Span<UInt8>) throws(HTTP2Fault) {
        if guess != nil {
            if takes(name, value) {
                return
            }
            try goTheLongWay()
        }
        try addToBlock(name, value)
    }

    private mutating func takes(_ name: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
        guard var guess = guess.take() else {
            return false
        }
        if guess.taken == 0 {
            // The first field is mostly the method.
            guess.head = known.firstIndex { $0.begins(with: name, value) } ?? 0
        }
        let isTaken = known[guess.head].takes(name, value, &guess, limits)
        self.guess = guess
        return isTaken
    }

    private mutating func addToBlock(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(HTTP2Fault) {
        try block.add(name: name, value: value)
        record?.append(name, value)
        if let bytes = record?.bytes.count, bytes > limits.knownHeadBytes {
            record = nil
        }
    }

    /// Gives up the guess: what was taken by it is read anew.
    private mutating func goTheLongWay() throws(HTTP2Fault) {
        guard let guess else {
            return
        }
        self.guess = nil
        beginBlock(isKept: true)
        let fields = known[guess.head]
        for place in 0..<guess.taken {
            let (name, value) = fields.field(at: place, guess)
            try addToBlock(name.span, value.span)
        }
    }

    /// What the block came to, once it is complete.
    /// - Throws: as `add` does.
    mutating func finish() throws(HTTP2Fault) -> HTTP2Opening {
        if let guess, let opening = known[guess.head].opening(guess) {
            return opening
        }
        try goTheLongWay()
        let head = Result { () throws(HTTPRefusal) in try HTTP2Head(block) }
        if case .success(let head) = head, let record {
            keep(head, record)
        }
        let isToHead = block.method.utf8.elementsEqual("HEAD".utf8)
        let opening = HTTP2Opening(head: head, isToHead: isToHead, contentBytes: block.contentBytes)
        // An idle connection keeps what is known, and nothing else.
        beginBlock(isKept: false)
        return opening
    }

    private mutating func keep(_ head: HTTP2Head, _ record: HTTP2FieldRecord) {
        guard record.count <= limits.knownHeadFields, let made = HTTP2KnownHead(head, record) else {
            return
        }
        known.removeAll { $0.head.request.method == head.request.method }
        if known.count == Self.mostHeads { known.removeFirst() }
        known.append(made)
    }
}

/// What a request's header block came to.
struct HTTP2Opening {
    /// The head, or why it is refused.
    let head: Result<HTTP2Head, HTTPRefusal>
    /// Whether it is HEAD.
    let isToHead: Bool
    /// Bytes of all names and values.
    let contentBytes: Int
}
