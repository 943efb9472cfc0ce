/// Integers as eight bytes, the highest first: how bytes that are sealed or authenticated hold them.
package enum BigEndian {
    /// Bytes of an integer.
    package static let width = 8

    /// The integer's bytes.
    package static func bytes(_ integer: Int64) -> [UInt8] {
        (1...width).map { UInt8(truncatingIfNeeded: integer >> Int64(8 * (width - $0))) }
    }

    /// The integer of eight bytes; nil for fewer or more.
    package static func integer(_ bytes: some Collection<UInt8>) -> Int64? {
        guard bytes.count == width else { return nil }
        return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}
