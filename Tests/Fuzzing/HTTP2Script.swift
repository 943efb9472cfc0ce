/// What an HTTP/2 client does, as an input writes it: frames in short, and more.
///
/// ```
/// type flags stream length payload…     a frame: a byte each, the type below 0xFC; a payload of `length` bytes
/// 0xFC                                  requests that wait are answered
/// 0xFD n                                n tenths of a second pass
/// 0xFE n bytes…                         n bytes as they are
/// 0xFF                                  the gateway begins to go down
/// ```
/// The connection preface comes before all of it. A stream above 127 is far away: 2³¹ - 256 + n.
enum HTTP2Script {
    /// One step of a client, or of what is around it.
    enum Step {
        case bytes([UInt8])
        case answers
        case time(tenths: Int64)
        case goingDown
    }

    /// The steps of an input: frames that follow one another are one read.
    static func steps(of input: [UInt8]) -> [Step] {
        var steps: [Step] = []
        var read = preface
        var rest = input[...]
        while let first = rest.popFirst() {
            let step: Step
            switch first {
            case 0xFC: step = .answers
            case 0xFD: step = .time(tenths: Int64(rest.popFirst() ?? 0))
            case 0xFF: step = .goingDown
            case 0xFE:
                let count = Int(rest.popFirst() ?? 0)
                read += rest.prefix(count)
                rest = rest.dropFirst(count)
                continue
            default:
                read += frame(first, &rest)
                continue
            }
            steps += [.bytes(read), step]
            read = []
        }
        return steps + [.bytes(read)]
    }

    private static func frame(_ type: UInt8, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let flags = rest.popFirst() ?? 0
        let stream = rest.popFirst() ?? 0
        let payload = rest.dropFirst().prefix(Int(rest.first ?? 0))
        rest = rest.dropFirst(1 + payload.count)
        let far: [UInt8] = stream > 127 ? [0x7F, 0xFF, 0xFF] : [0, 0, 0]
        return [0, 0, UInt8(payload.count), type, flags] + far + [stream] + payload
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
}
