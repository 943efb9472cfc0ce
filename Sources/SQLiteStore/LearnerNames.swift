/// Whom names led to: hashes of names, each with the hash of its learner's key.
///
/// Whether the learner still has the name, the learner itself tells: what is here may be old, and two names may share a hash.
/// A text and an id in each entry took 400 bytes, two numbers take 50: beside each learner who is kept its names are, too.
///
/// Two halves take the place of a list of uses: what is used moves to the young half; when that is full, the old half is
/// forgotten, and the young one is the old.
struct LearnerNames {
    private var young: [UInt: UInt] = [:]
    private var old: [UInt: UInt] = [:]
    /// Names in a half, at most.
    private let limit: Int

    /// Bytes of learners for each name of a half: about what a learner takes, so that there is a name for each at least.
    static let bytesForEach = 1_024

    /// An empty table of so many names in each half.
    init(limit: Int) {
        self.limit = limit
    }

    /// The learner of that name, which is young from now on.
    mutating func learner(_ name: UInt) -> UInt? {
        if let learner = young[name] { return learner }
        guard let learner = old.removeValue(forKey: name) else { return nil }
        keep(learner, name)
        return learner
    }

    /// Keeps the learner of a name.
    mutating func keep(_ learner: UInt, _ name: UInt) {
        guard limit > 0 else { return }
        if young.count >= limit {
            old = young
            young = [:]
        }
        young[name] = learner
    }
}
