/// What is in work, waits and was refused, of all profiles together: part of `GET /v1/status`.
package struct TurnCounts: Codable, Sendable, Equatable {
    /// Requests that have a turn and do not rest.
    package var inWork = 0
    /// Requests that wait for theirs.
    package var waiting = 0
    /// Bytes of bodies that are received or held.
    package var bodyBytes = 0
    /// Requests that were 429 since the start.
    package var refused = 0
    /// Requests that were 503 since the start, because as many waited as may.
    package var overloaded = 0

    /// Counts one that does not get a turn; one whose client is gone is none.
    mutating func refused(_ refusal: TurnRefusal) {
        switch refusal {
        case .late, .tooMany: refused += 1
        case .overloaded: overloaded += 1
        case .abandoned: break
        }
    }
}
