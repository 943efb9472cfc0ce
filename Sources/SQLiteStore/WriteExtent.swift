import SCIM
import Tenancy

/// Which learners the jobs of a transaction change, as readers are shown them.
///
/// A job that says nothing may have changed all of them: that is always right, and only costs readings.
struct WriteExtent {
    /// The learners that were changed.
    private(set) var learners: [ResourceID] = []
    /// Whether others may have changed, too.
    private(set) var isEverything = false
    private var isKnown = false
    private var left: [Left] = []
    private var leaving: Left?

    /// A learner as a job has left it.
    struct Left {
        /// The learner, derived for the connection that wrote.
        let resource: StoredResource
        /// What stands in the look-up column.
        let userName: String?
        /// Whose `externalId` is shown.
        let connection: Connection.ID?
        /// Where the row is, and whose.
        var standing: LearnerStanding?
        /// Whether there was no such learner before.
        let isNew: Bool
    }

    /// A job begins.
    mutating func jobBegins() {
        isKnown = false
        leaving = nil
    }

    /// What the job at hand has changed: these learners and nobody else, and no group.
    mutating func isOnly(_ changed: [ResourceID]) {
        isKnown = true
        learners += changed
    }

    /// The job has done its work.
    mutating func jobEnded() {
        if !isKnown { isEverything = true }
        if let leaving { left.append(leaving) }
    }

    /// The job at hand leaves that learner behind, if it does its work to the end.
    mutating func leaves(_ learner: Left) {
        leaving = learner
    }

    /// The learners that are at the end as a job has left them: nobody has changed them after it, nor whom they show.
    var lasting: [Left] {
        guard !isEverything, !left.isEmpty else { return [] }
        let changes = ChangeCounts(of: learners)
        return left.filter { learner in
            changes[learner.resource.id] == (learner.isNew ? 0 : 1)
                && learner.resource.managerReference.map { changes[$0.id] == 0 } ?? true
        }
    }

    /// How often each learner was changed.
    ///
    /// A transaction of a few changes is the usual one: a few ids are compared, and not hashed.
    private struct ChangeCounts {
        private let few: [ResourceID]
        private let many: [ResourceID: Int]

        private static let compared = 8

        init(of learners: [ResourceID]) {
            let isFew = learners.count <= Self.compared
            few = isFew ? learners : []
            many = isFew ? [:] : Dictionary(learners.map { ($0, 1) }, uniquingKeysWith: +)
        }

        subscript(learner: ResourceID) -> Int {
            many.isEmpty ? few.count { $0 == learner } : many[learner, default: 0]
        }
    }
}
