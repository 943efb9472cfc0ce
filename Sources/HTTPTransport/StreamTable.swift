/// What belongs to each of a connection's streams, found by the stream's number.
///
/// There are a hundred of them at most and mostly ten: to look through their numbers takes less than to hash one. With
/// dictionaries the look-ups took 8,700 of a GET's 167,000 instructions.
struct StreamTable<Value> {
    private var streams: [Int32] = []
    /// In no order.
    private(set) var values: [Value] = []

    /// Whether there is nothing.
    var isEmpty: Bool { streams.isEmpty }

    /// Streams that have something.
    var count: Int { streams.count }

    /// What belongs to a stream; nil when nothing does.
    subscript(stream: Int32) -> Value? {
        get {
            place(of: stream).map { values[$0] }
        }
        set {
            guard let newValue else {
                remove(stream)
                return
            }
            if let place = place(of: stream) {
                values[place] = newValue
            } else {
                streams.append(stream)
                values.append(newValue)
            }
        }
    }

    /// Changes in place what belongs to a stream; nothing happens when nothing does.
    mutating func change(_ stream: Int32, _ change: (inout Value) -> Void) {
        if let place = place(of: stream) {
            change(&values[place])
        }
    }

    /// Takes away what belongs to a stream.
    /// - Returns: What it was; nil when there was nothing.
    @discardableResult
    mutating func remove(_ stream: Int32) -> Value? {
        guard let place = place(of: stream) else {
            return nil
        }
        let last = streams.count - 1
        streams.swapAt(place, last)
        values.swapAt(place, last)
        streams.removeLast()
        return values.removeLast()
    }

    private func place(of stream: Int32) -> Int? {
        // Newest first: what is asked for was mostly opened last.
        var place = streams.count
        while place > 0 {
            place -= 1
            if streams[place] == stream {
                return place
            }
        }
        return nil
    }
}

extension StreamTable: Sequence {
    /// All of it, in no order.
    func makeIterator() -> Zip2Sequence<[Int32], [Value]>.Iterator {
        zip(streams, values).makeIterator()
    }
}
