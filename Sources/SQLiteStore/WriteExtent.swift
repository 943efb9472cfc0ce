import SCIM

/// Which learners the jobs of a transaction change, as readers are shown them.
///
/// A job that says nothing may have changed all of them: that is always right, and only costs readings.
struct WriteExtent {
    /// The learners that were changed.
    private(set) var learners: [ResourceID] = []
    /// Whether others may have changed, too.
    private(set) var isEverything = false
    private var isKnown = false

    /// A job begins.
    mutating func jobBegins() {
        isKnown = false
    }

    /// What the job at hand has changed: these learners and nobody else, and no group.
    mutating func isOnly(_ changed: [ResourceID]) {
        isKnown = true
        learners += changed
    }

    /// The job has done its work.
    mutating func jobEnded() {
        if !isKnown { isEverything = true }
    }
}
