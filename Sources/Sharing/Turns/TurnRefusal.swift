/// Why a request does not get a turn.
package enum TurnRefusal: Error, Equatable {
    /// It has waited for as long as its tenant's requests may.
    case late(retryAfterSeconds: Int)
    /// As many requests of its tenant wait as may.
    case tooMany(retryAfterSeconds: Int)
    /// As many requests of all tenants wait as may.
    case overloaded(retryAfterSeconds: Int)
    /// Its client has gone.
    case abandoned
}
