internal import Glibc
internal import HTTPTypes

/// One head that was read the long way, cut into what must be the same in the next and what may be another.
///
///     :method GET                     as before
///     :path /scim/v2/Users/2819c223   new each time
///     content-length 152              a number of its own
///     adscimversion Date:…            any field that does not speak to the connection may have another value
struct HTTP2KnownHead {
    /// What was read.
    let head: HTTP2Head
    private let fields: HTTP2FieldRecord
    private let roles: [Role]

    /// What a field is for us.
    private enum Role {
        /// It must be the same.
        case fixed
        /// The target.
        case path
        /// So many fields of the request stand before it.
        case field(Int)
        /// The same, and it is what the body's length comes from.
        case length(Int)
        /// The same, and it is compared in constant time: it opens a tenant.
        case secret(Int)
    }

    /// How far a block agrees with a head.
    struct Guess {
        /// The place of the head among those known.
        var head = 0
        /// Fields that agree, changed ones included.
        fileprivate(set) var taken = 0
        fileprivate var contentBytes = 0
        /// The places of fields that have another value, and the value.
        fileprivate var changed: [(place: Int, value: String)] = []
    }

    /// Cuts a head up; nil for one whose fields are not what was sent.
    init?(_ head: HTTP2Head, _ fields: HTTP2FieldRecord) {
        self.head = head
        self.fields = fields
        var roles: [Role] = []
        var taken = 0
        for place in 0..<fields.count {
            let name = String(decoding: fields.name(at: place), as: UTF8.self)
            switch name {
            case ":path": roles.append(.path)
            case "host", "expect", "te", "http2-settings": roles.append(.fixed)
            case _ where name.utf8.first == UInt8(ascii: ":"): roles.append(.fixed)
            case "content-length": roles.append(.length(taken))
            case "authorization": roles.append(.secret(taken))
            default: roles.append(.field(taken))
            }
            switch roles.last {
            case .field, .length, .secret: taken += 1
            default: break
            }
        }
        guard taken == head.request.headerFields.count else {
            return nil
        }
        self.roles = roles
    }

    /// Whether its first field is this one.
    func begins(with name: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
        holds(fields.bytes.span, name, in: fields.nameRange(at: 0))
            && holds(fields.bytes.span, value, in: fields.valueRange(at: 0))
    }

    /// Takes the next field of a block if it may be the next of this head.
    /// - Returns: false leaves the guess as it was.
    func takes(
        _ name: Span<UInt8>,
        _ value: Span<UInt8>,
        _ guess: inout Guess,
        _ limits: HTTPLimits
    ) -> Bool {
        let place = guess.taken
        guard place < fields.count, holds(fields.bytes.span, name, in: fields.nameRange(at: place)) else {
            return false
        }
        let bytes = guess.contentBytes + name.count + value.count
        guard bytes + (place + 1) * HTTP2FieldBlock.fieldOverhead <= limits.headerBytes else {
            return false
        }
        if !isSame(value, at: place) {
            guard let text = newValue(name, value, as: roles[place], limits) else {
                return false
            }
            guess.changed.append((place, text))
        }
        guess.contentBytes = bytes
        guess.taken += 1
        return true
    }

    private func isSame(_ value: Span<UInt8>, at place: Int) -> Bool {
        let range = fields.valueRange(at: place)
        guard case .secret = roles[place] else {
            return holds(fields.bytes.span, value, in: range)
        }
        guard range.count == value.count else {
            return false
        }
        var difference: UInt8 = 0
        for index in value.indices {
            difference |= value[index] ^ fields.bytes[range.lowerBound + index]
        }
        return difference == 0
    }

    /// The text of another value; nil when the field must stay as it is, or the value is not plainly sound.
    private func newValue(
        _ name: Span<UInt8>,
        _ value: Span<UInt8>,
        as role: Role,
        _ limits: HTTPLimits
    ) -> String? {
        switch role {
        case .fixed:
            return nil
        case .path:
            guard value.count > 0, value[0] == UInt8(ascii: "/"), value.count <= limits.requestLineBytes
            else {
                return nil
            }
            var check = RequestTarget.ByteCheck()
            for index in value.indices where !check.takes(value[index]) {
                return nil
            }
            guard check.isComplete else {
                return nil
            }
        case .field, .length, .secret:
            guard name.count + value.count <= limits.fieldBytes, value.count > 0,
                value[0] != UInt8(ascii: " "), value[value.count - 1] != UInt8(ascii: " ")
            else {
                return nil
            }
            // Visible characters with spaces between them: the text of other bytes might not be the bytes.
            for index in value.indices where value[index] < 0x20 || value[index] >= 0x7F {
                return nil
            }
        }
        return unsafe value.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A field as it came: the known one, with its other value if it has one.
    func field(at place: Int, _ guess: Guess) -> (name: [UInt8], value: [UInt8]) {
        let changed = guess.changed.first { $0.place == place }.map { Array($0.value.utf8) }
        return (Array(fields.name(at: place)), changed ?? Array(fields.value(at: place)))
    }

    /// What the block came to that agrees so far; nil when more fields must come.
    func opening(_ guess: Guess) -> HTTP2Opening? {
        guard guess.taken == fields.count else {
            return nil
        }
        var head = head
        for (place, value) in guess.changed {
            switch roles[place] {
            case .fixed:
                return nil
            case .path:
                head.request.path = value
            case .field(let index), .secret(let index):
                head.request.headerFields[index].value = value
            case .length(let index):
                head.request.headerFields[index].value = value
                head.length = Int(value)
            }
        }
        return HTTP2Opening(
            head: .success(head),
            isToHead: head.request.method == .head,
            contentBytes: guess.contentBytes
        )
    }
}

/// The fields of a block as they came: bytes in one piece, and where each field ends.
struct HTTP2FieldRecord {
    /// Names and values.
    private(set) var bytes: [UInt8] = []
    private var ends: [(name: Int, value: Int)] = []

    /// How many fields there are.
    var count: Int { ends.count }

    /// Adds a field.
    mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        for index in name.indices { bytes.append(name[index]) }
        let end = bytes.count
        for index in value.indices { bytes.append(value[index]) }
        ends.append((end, bytes.count))
    }

    /// Where the name of a field is.
    func nameRange(at place: Int) -> Range<Int> {
        (place == 0 ? 0 : ends[place - 1].value)..<ends[place].name
    }

    /// Where its value is.
    func valueRange(at place: Int) -> Range<Int> { ends[place].name..<ends[place].value }

    /// The name of a field.
    func name(at place: Int) -> ArraySlice<UInt8> { bytes[nameRange(at: place)] }

    /// The value of a field.
    func value(at place: Int) -> ArraySlice<UInt8> { bytes[valueRange(at: place)] }
}

/// Whether the bytes are those that the known ones have there.
private func holds(_ known: Span<UInt8>, _ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard bytes.count == range.count else { return false }
    return unsafe known.extracting(range).withUnsafeBufferPointer { known in
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let known = known.baseAddress, let first = bytes.baseAddress else { return true }
            return unsafe memcmp(known, first, bytes.count) == 0
        }
    }
}
