/// Bytes in pieces, as a network may deliver them.
enum Cuts {
    /// The pieces of an input: where it is cut, its own bytes decide, so that a find can be replayed.
    ///
    /// Every fourth input or so comes byte by byte.
    static func chosen(by input: [UInt8]) -> [ArraySlice<UInt8>] {
        var chance = Chance(seed: input)
        let longest = Int(chance.next() % 4) * 16 + 1
        var pieces: [ArraySlice<UInt8>] = []
        var rest = input[...]
        while !rest.isEmpty {
            let count = 1 + Int(chance.next() % UInt64(longest))
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// Numbers that depend on the seed alone: SplitMix64 over an FNV-1a hash.
    private struct Chance {
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
    }
}
