/// Handshakes in progress in the order in which they began.
///
/// A linked list in a dictionary: most leave from the middle, when they are complete.
struct HandshakeLine: Sendable {
    /// The one that has waited longest.
    private(set) var oldest: PlaceBook.Number?
    private var newest: PlaceBook.Number?
    private var neighbours: [PlaceBook.Number: Neighbours] = [:]

    private struct Neighbours {
        var older: PlaceBook.Number?
        var newer: PlaceBook.Number?
    }

    /// How many there are.
    var count: Int { neighbours.count }

    /// Whether this one is among them.
    func contains(_ number: PlaceBook.Number) -> Bool { neighbours[number] != nil }

    /// The one that began after this one.
    func next(after number: PlaceBook.Number) -> PlaceBook.Number? { neighbours[number]?.newer }

    /// Puts one at the end.
    mutating func append(_ number: PlaceBook.Number) {
        precondition(neighbours[number] == nil, "handshake \(number) begins twice")
        if let newest { neighbours[newest]?.newer = number } else { oldest = number }
        neighbours[number] = Neighbours(older: newest, newer: nil)
        newest = number
    }

    /// Takes one out, wherever it stands.
    mutating func remove(_ number: PlaceBook.Number) {
        guard let gone = neighbours.removeValue(forKey: number) else { return }
        if let older = gone.older { neighbours[older]?.newer = gone.newer } else { oldest = gone.newer }
        if let newer = gone.newer { neighbours[newer]?.older = gone.older } else { newest = gone.older }
    }
}
