/// Where a page of a search begins.
package enum PageStart: Sendable, Equatable {
    /// After so many matches, 0 or more (RFC 7644 §3.4.2.4).
    case offset(Int)
    /// After the position at which the page before ended; nil begins a walk by cursor (RFC 9865 §2).
    case cursor(after: PagePosition?)

    /// How many matches are passed over.
    package var offset: Int {
        switch self {
        case .offset(let count): max(0, count)
        case .cursor: 0
        }
    }

    /// Where the page before ended.
    package var position: PagePosition? {
        switch self {
        case .offset: nil
        case .cursor(let position): position
        }
    }

    /// Whether the answer must tell where the next page begins.
    package var isByCursor: Bool {
        switch self {
        case .offset: false
        case .cursor: true
        }
    }
}
