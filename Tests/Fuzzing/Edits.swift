/// Bytes with one thing changed, as the next head of a client differs from the one before, or that of an attacker.
enum Edits {
    /// The input with a change: which one, and where, its own bytes decide.
    static func chosen(by input: [UInt8]) -> [UInt8] {
        guard !input.isEmpty else { return [] }
        var chance = Chance(seed: input)
        let place = chance.next(below: input.count)
        let byte =
            chance.next(below: 2) == 0
            ? UInt8(chance.next(below: 256)) : telling[chance.next(below: telling.count)]
        var edited = input
        switch chance.next(below: 6) {
        case 0, 1: edited[place] = byte
        case 2: edited.insert(byte, at: place)
        case 3: edited.remove(at: place)
        case 4: edited[place] ^= 0x20
        default: edited.insert(contentsOf: line(around: place, of: input), at: place)
        }
        return edited
    }

    /// From the place to the end of the line after it: pasted there, a line comes twice, or half of it.
    private static func line(around place: Int, of input: [UInt8]) -> ArraySlice<UInt8> {
        let end = input[place...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? input.count
        return input[place..<end]
    }

    /// Bytes that mean something to whoever reads a head.
    private static let telling: [UInt8] = [
        0, 9, 10, 11, 13, 32, 35, 37, 44, 48, 57, 58, 59, 61, 63, 127, 128, 255,
    ]
}
