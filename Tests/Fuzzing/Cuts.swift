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
}
