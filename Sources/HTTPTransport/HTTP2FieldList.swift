internal import CNGHTTP2

/// The fields of a header block that is to be sent, as nghttp2 wants them: bytes in one piece, and where each field ends.
///
///     :status200etag"1-2f"date…
///
/// A list of pairs of texts first, and from it the bytes, took 12,300 of a GET's 167,000 instructions.
struct HTTP2FieldList {
    private var bytes: [UInt8] = []
    private var ends: [End] = []

    /// Where the name and the value of a field end.
    private struct End {
        let name: Int
        let value: Int
        /// Whether the compression's table may keep it for the next block.
        let isIndexed: Bool
    }

    /// An empty list with room for so many fields.
    init(count: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(count * Self.usualBytes)
    }

    /// Adds a field whose name is in lower case.
    ///
    /// One that is not indexed has another value each time: kept, it would only push others out of the table.
    mutating func append(_ name: String, _ value: String, isIndexed: Bool = true) {
        append(name)
        let end = bytes.count
        append(value)
        ends.append(End(name: end, value: bytes.count, isIndexed: isIndexed))
    }

    /// Adds a field whose value is a number, 0 or more.
    mutating func append(_ name: String, number: Int) {
        append(name)
        let end = bytes.count
        var (rest, digits) = (number, 0)
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
            digits += 1
        } while rest > 0
        bytes[(bytes.count - digits)...].reverse()
        ends.append(End(name: end, value: bytes.count, isIndexed: true))
    }

    /// Lends the fields; nghttp2 copies them.
    func withNameValues(_ call: (UnsafePointer<nghttp2_nv>?, Int) -> Int32) -> Int32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // nghttp2 only reads through these pointers.
            let start = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
            return unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: ends.count) { values in
                var begin = 0
                for (index, end) in ends.enumerated() {
                    let flag = end.isIndexed ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX
                    unsafe values.initializeElement(
                        at: index,
                        to: nghttp2_nv(
                            name: start?.advanced(by: begin),
                            value: start?.advanced(by: end.name),
                            namelen: end.name - begin,
                            valuelen: end.value - end.name,
                            flags: UInt8(flag.rawValue)
                        )
                    )
                    begin = end.value
                }
                return unsafe call(values.baseAddress, values.count)
            }
        }
    }

    private mutating func append(_ text: String) {
        let source = text.utf8.span
        bytes.append(addingCapacity: source.count) { output in
            for index in source.indices { output.append(source[index]) }
        }
    }

    /// Bytes of a field of ours with its name: a location has more, a status less.
    private static let usualBytes = 48
}
