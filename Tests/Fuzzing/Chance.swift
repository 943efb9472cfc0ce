/// Numbers that depend on the seed alone, so that a find can be replayed: SplitMix64 over an FNV-1a hash.
struct Chance {
    private var state: UInt64

    init(seed: [UInt8]) {
        state = seed.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below the count, which is 1 or more.
    mutating func next(below count: Int) -> Int { Int(next() % UInt64(count)) }
}
