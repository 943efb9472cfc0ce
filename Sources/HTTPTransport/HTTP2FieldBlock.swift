/// The fields of one header block as they come out of the decoder, within limits.
///
/// They are counted as decoded: a block of 16 KiB on the wire can stand for 16,000 fields, each a reference of one
/// byte (CVE-2026-49975). What is over a limit is answered once the block is complete, and no field of it is kept;
/// what is far over it is not decoded to its end.
struct HTTP2FieldBlock {
    /// `:method`, RFC 9113 §8.3.1.
    private(set) var method = ""
    /// `:scheme`.
    private(set) var scheme = ""
    /// `:authority`; nil when there is none.
    private(set) var authority: String?
    /// `:path`.
    private(set) var path = ""
    /// The other fields, in order, names in lower case.
    private(set) var fields: [(name: String, value: String)] = []
    /// Why the request must be refused for its size; nil while it is within the limits.
    private(set) var refusal: HTTPRefusal?
    /// Bytes of all names and values.
    private(set) var contentBytes = 0

    private let limits: HTTPLimits
    private let floodFactor: Int
    private var count = 0
    private var blockBytes = 0

    /// An empty block.
    init(limits: HTTPLimits, floodFactor: Int) {
        self.limits = limits
        self.floodFactor = floodFactor
    }

    /// Takes one field.
    /// - Throws: `.headerFlood` for a block that is far over its limits.
    mutating func add(name: Span<UInt8>, value: Span<UInt8>) throws(HTTP2Fault) {
        let isPseudo = name.count > 0 && name[0] == UInt8(ascii: ":")
        contentBytes += name.count + value.count
        blockBytes += name.count + value.count + Self.fieldOverhead
        count += isPseudo ? 0 : 1
        guard count <= limits.fields * floodFactor, blockBytes <= limits.headerBytes * floodFactor else {
            throw .headerFlood
        }
        let text = Self.text(name)
        if text == ":path", value.count > limits.requestLineBytes {
            refuse(.uriTooLong)
        } else if count > limits.fields || blockBytes > limits.headerBytes
            || (!isPseudo && name.count + value.count > limits.fieldBytes)
        {
            refuse(.headerTooLarge)
        }
        if isPseudo {
            keepPseudo(text, value)
        } else if refusal == nil {
            fields.append((text, Self.text(value)))
        }
    }

    private mutating func keepPseudo(_ name: String, _ value: Span<UInt8>) {
        switch name {
        case ":method": method = Self.text(value)
        case ":scheme": scheme = Self.text(value)
        case ":authority": authority = Self.text(value)
        case ":path" where refusal == nil: path = Self.text(value)
        default: break
        }
    }

    private mutating func refuse(_ reason: HTTPRefusal) {
        refusal = refusal ?? reason
        fields = []
        path = ""
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        // A value that is no UTF-8 is repaired as NIO's decoder does it for HTTP/1.
        unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// What RFC 9113 §6.5.2 adds for each field to what SETTINGS_MAX_HEADER_LIST_SIZE limits.
    static let fieldOverhead = 32
}
