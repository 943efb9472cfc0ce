/// Where a page of a walk by cursor ended, so that the next one goes on there (RFC 9865 §2).
///
/// A place in the order of the matches, not a count of them: what is added or deleted between two
/// pages shifts nothing.
package struct PagePosition: Sendable, Equatable {
    /// The number of the last resource's row; rows count up with age.
    package let row: Int64
    /// What the last resource is sorted by; nil in a search by age.
    package let key: ResolvedSort.Key?
    /// How many matches the first page counted: later pages tell it again instead of counting.
    package let totalResults: Int

    /// A position.
    package init(row: Int64, key: ResolvedSort.Key? = nil, totalResults: Int) {
        self.row = row
        self.key = key
        self.totalResults = totalResults
    }
}
