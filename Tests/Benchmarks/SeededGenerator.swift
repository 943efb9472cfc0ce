/// Random numbers that a seed decides: the same in every run and every process.
///
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// The stream of that number.
    ///
    /// Streams of one seed begin at places that have nothing to do with one another.
    init(seed: UInt64, stream: UInt64) {
        state = seed
        state = next() ^ stream
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// A name that can be spoken: `Tomiru`.
    mutating func name(syllables: Int) -> String {
        var bits = next()
        var letters: [UInt8] = []
        for _ in 0..<syllables {
            letters.append(Self.consonants[Int(bits & 15)])
            letters.append(Self.vowels[Int((bits >> 4) % 5)])
            bits >>= 8
        }
        letters[0] -= 32
        return String(decoding: letters, as: UTF8.self)
    }

    /// So many characters of base 32.
    mutating func digits(_ count: Int) -> String {
        var bits = next()
        var digits: [UInt8] = []
        for _ in 0..<count {
            digits.append(Self.base32[Int(bits & 31)])
            bits >>= 5
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// A text in the shape of a random UUID (RFC 9562 §5.4).
    mutating func uuid() -> String {
        let hex = [next(), next()].flatMap { word in
            (0..<16).map { Self.base32[Int((word >> ($0 * 4)) & 15)] }
        }
        var text = Array(hex.prefix(32))
        text[12] = UInt8(ascii: "4")
        text[16] = UInt8(ascii: "8")
        for dash in [20, 16, 12, 8] { text.insert(UInt8(ascii: "-"), at: dash) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let consonants = Array("bdfghjklmnprstvz".utf8)
    private static let vowels = Array("aeiou".utf8)
    private static let base32 = Array("0123456789abcdefghijklmnopqrstuv".utf8)
}
