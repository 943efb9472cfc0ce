/// The position as bytes, for a cursor to carry.
///
/// ```
/// row (8) · totalResults (8) · kind of key (1) · key (0, 1, 8 or up to 256)
/// ```
/// Integers are big-endian.
extension PagePosition {
    /// The bytes: ``mostBytes`` at most, where the key is cut short (``ResolvedSort/Key/shortened``).
    package var bytes: [UInt8] {
        var bytes = BigEndian.bytes(row) + BigEndian.bytes(Int64(totalResults))
        switch key {
        case nil: bytes.append(Kind.none.rawValue)
        case .missing: bytes.append(Kind.missing.rawValue)
        case .boolean(let value): bytes += [Kind.boolean.rawValue, value ? 1 : 0]
        case .number(let value):
            bytes += [Kind.number.rawValue] + BigEndian.bytes(Int64(bitPattern: value.bitPattern))
        case .moment(let moment): bytes += [Kind.moment.rawValue] + BigEndian.bytes(moment.milliseconds)
        case .text(let text): bytes += [Kind.text.rawValue] + text
        }
        return bytes
    }

    /// The position that ``bytes`` tell of; nil for any others.
    package init?(bytes: some Collection<UInt8>) {
        let parts = bytes.dropFirst(2 * BigEndian.width)
        guard let row = BigEndian.integer(bytes.prefix(BigEndian.width)),
            let total = BigEndian.integer(bytes.dropFirst(BigEndian.width).prefix(BigEndian.width)),
            let totalResults = Int(exactly: total), totalResults >= 0,
            let kind = parts.first.flatMap(Kind.init(rawValue:))
        else { return nil }
        let rest = parts.dropFirst()
        let key: ResolvedSort.Key?
        switch kind {
        case .none where rest.isEmpty: key = nil
        case .missing where rest.isEmpty: key = .missing
        case .boolean where rest.count == 1: key = .boolean(rest.first == 1)
        case .number:
            guard let bits = BigEndian.integer(rest) else { return nil }
            key = .number(Double(bitPattern: UInt64(bitPattern: bits)))
        case .moment:
            guard let milliseconds = BigEndian.integer(rest) else { return nil }
            key = .moment(Timestamp(milliseconds: milliseconds))
        case .text where rest.count <= PageLimits.sortKeyBytes: key = .text(Array(rest))
        case .none, .missing, .boolean, .text: return nil
        }
        self.init(row: row, key: key, totalResults: totalResults)
    }

    /// Bytes of the longest position.
    package static let mostBytes = 2 * BigEndian.width + 1 + PageLimits.sortKeyBytes

    /// What a byte says of the key after it.
    private enum Kind: UInt8 {
        case none, missing, boolean, number, moment, text
    }
}
