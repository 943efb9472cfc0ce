/// How many learners a tenant has.
package struct LearnerCounts: Sendable, Equatable {
    /// All, those that are switched off included.
    package let total: Int
    /// Those that may sign in: `active` is not false.
    package let active: Int

    /// Counts of learners.
    package init(total: Int, active: Int) {
        self.total = total
        self.active = active
    }
}
