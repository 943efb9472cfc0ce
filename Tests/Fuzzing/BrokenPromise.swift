/// What some input made untrue.
struct BrokenPromise: Error, CustomStringConvertible {
    /// The promise, as a sentence.
    let description: String
}

/// Throws unless the promise is kept.
func promise(_ words: String, _ isKept: Bool) throws(BrokenPromise) {
    guard isKept else { throw BrokenPromise(description: words) }
}

/// What the step gives; its failure breaks the promise.
func promised<Value>(_ words: String, _ step: () throws -> Value) throws(BrokenPromise) -> Value {
    do {
        return try step()
    } catch {
        throw BrokenPromise(description: "\(words): \(error)")
    }
}
