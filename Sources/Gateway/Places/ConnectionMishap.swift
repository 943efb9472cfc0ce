import Sharing
import TLSTransport

/// What became of a connection that never reached HTTP, or of the attempt to take one.
enum ConnectionMishap: Sendable, Hashable {
    /// A limit cost it its place.
    case place(PlaceRefusal)
    /// It was closed before TLS began.
    case prelude(PreludeRefusal)
    /// Its handshake came to nothing.
    case handshake(TLSFailure.Code)
    /// The process or the machine had no descriptor or memory for it, and it waits.
    case shortage

    /// The kind, in a closed set of words, as the log and `status` have it.
    var word: String {
        switch self {
        case .place(let reason): reason.rawValue
        case .prelude(let reason): reason.rawValue
        case .handshake(let code): code.rawValue
        case .shortage: "shortage"
        }
    }
}
