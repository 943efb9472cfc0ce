/// Random values in the forms that people and protocols see.
extension LibraryContext {
    /// Text of uniformly chosen letters and digits, `0-9A-Za-z`.
    ///
    /// Each character carries log2(62) = 5.95 bits: 43 of them hold 256.
    package func randomBase62(_ count: Int) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity(count)
        while letters.count < count {
            // About 1 byte in 32 is refused: 248 is the largest multiple of 62 that a byte holds,
            // and taking the remainder of the others would make the first eight letters likelier.
            for byte in randomBytes(count - letters.count + Self.spareBytes)
            where byte < Self.firstUnfair && letters.count < count {
                letters.append(Self.alphabet[Int(byte) % Self.alphabet.count])
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// A random UUID, version 4, lower case: `0b6f2d0e-9a53-4c3f-8f1d-6a2f3b1c5d7e`.
    ///
    /// RFC 9562 §5.4.
    package func randomUUID() -> String {
        var bytes = randomBytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if Self.dashes.contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(Self.hexDigits[Int(byte >> 4)])
            text.append(Self.hexDigits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let hexDigits = Array("0123456789abcdef".utf8)
    private static let firstUnfair: UInt8 = 248
    private static let spareBytes = 8
    private static let dashes = [4, 6, 8, 10]
}
