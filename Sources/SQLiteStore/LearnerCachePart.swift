import SCIM
import Synchronization

/// A part of the cached learners behind one lock, and what is known of their changes.
///
/// Two halves take the place of a list of uses: what is used moves to the young half; when that is full, the old half is
/// forgotten, and the young one is the old.
final class LearnerCachePart: Sendable {
    private let state: Mutex<State>

    /// Marks of a part: with so many, the changes of one group of writes leave most other learners alone.
    static let markCount = 128

    /// What the lock protects.
    fileprivate struct State {
        var marks = Array(repeating: Mark(), count: LearnerCachePart.markCount)
        var young: [LearnerCache.Key: Kept] = [:]
        var old: [LearnerCache.Key: Kept] = [:]
        var youngBytes = 0
        /// Bytes of each half, at most.
        let half: Int
    }

    /// When one of the learners that share the mark was changed last: a collision costs a reading, nothing else.
    fileprivate struct Mark {
        var lastChange: UInt64 = 0
        /// Commits of such changes that have not ended: until then others may read it either way.
        var underWay = 0

        /// Whether what was read after that moment is as it was.
        func holds(_ moment: UInt64) -> Bool { underWay == 0 && lastChange <= moment }
    }

    /// What stands at a key.
    fileprivate enum Kept {
        case learner(CachedLearner)
        /// The id of the learner who had that name; whether it still has it, the learner itself tells.
        case name(ResourceID)
    }

    /// An empty part of so many bytes.
    init(bytes: Int) {
        state = Mutex(State(half: bytes / 2))
    }
}

// MARK: - Reading and keeping

extension LearnerCachePart {
    /// The learner at that key, if it is kept and has not changed.
    func learner(at key: LearnerCache.Key, mark: Int) -> CachedLearner? {
        state.withLock { state in
            guard case .learner(let learner) = state.used(key), state.marks[mark].holds(learner.moment)
            else { return nil }
            return learner
        }
    }

    /// Whether the learners of that mark are as they were at that moment.
    func holds(_ mark: Int, since moment: UInt64) -> Bool {
        state.withLock { $0.marks[mark].holds(moment) }
    }

    /// Keeps a learner, unless it may have changed since its reading began.
    func keep(_ learner: CachedLearner, at key: LearnerCache.Key, mark: Int) {
        state.withLock { state in
            guard state.marks[mark].holds(learner.moment) else { return }
            state.keep(.learner(learner), at: key)
        }
    }

    /// The id of the learner who had that name.
    func id(named key: LearnerCache.Key) -> ResourceID? {
        state.withLock { state in
            guard case .name(let id) = state.used(key) else { return nil }
            return id
        }
    }

    /// Keeps who has that name.
    func keep(_ id: ResourceID, named key: LearnerCache.Key) {
        state.withLock { $0.keep(.name(id), at: key) }
    }

    /// A commit begins that changes the learner at that key.
    func changeBegins(_ key: LearnerCache.Key, mark: Int) {
        state.withLock { state in
            state.marks[mark].underWay += 1
            state.remove(key)
        }
    }

    /// That commit has ended.
    func changeEnded(mark: Int, at moment: UInt64) {
        state.withLock { state in
            state.marks[mark].underWay -= 1
            state.marks[mark].lastChange = max(state.marks[mark].lastChange, moment)
        }
    }

    /// Bytes that are kept, about.
    var bytes: Int {
        state.withLock { state in
            [state.young, state.old].joined().reduce(0) { $0 + $1.value.bytes(at: $1.key) }
        }
    }
}

// MARK: - The two halves

extension LearnerCachePart.State {
    /// What stands at a key, which is young from now on.
    fileprivate mutating func used(_ key: LearnerCache.Key) -> LearnerCachePart.Kept? {
        if let kept = young[key] { return kept }
        guard let kept = old.removeValue(forKey: key) else { return nil }
        keep(kept, at: key)
        return kept
    }

    /// Takes away what stands at a key, and its bytes.
    fileprivate mutating func remove(_ key: LearnerCache.Key) {
        if let before = young.removeValue(forKey: key) { youngBytes -= before.bytes(at: key) }
        old[key] = nil
    }

    /// Puts something at a key; what would not fit into a half is not kept.
    fileprivate mutating func keep(_ kept: LearnerCachePart.Kept, at key: LearnerCache.Key) {
        let bytes = kept.bytes(at: key)
        guard bytes <= half else { return }
        remove(key)
        if youngBytes + bytes > half {
            old = young
            young = [:]
            youngBytes = 0
        }
        young[key] = kept
        youngBytes += bytes
    }
}

extension LearnerCachePart.Kept {
    /// What it takes, about.
    func bytes(at key: LearnerCache.Key) -> Int {
        switch self {
        case .learner(let learner): Self.overhead + key.text.utf8.count + learner.resource.bytes
        case .name(let id): Self.overhead + key.text.utf8.count + id.text.utf8.count
        }
    }

    /// Bytes beside texts: a place in a table, an object, the heads of some strings.
    private static let overhead = 320
}

extension StoredResource {
    /// The bytes of its parts that have no fixed size, about.
    fileprivate var bytes: Int {
        document.count + id.text.utf8.count + (externalID?.utf8.count ?? 0)
            + groups.reduce(0) { $0 + 96 + $1.id.text.utf8.count + $1.display.utf8.count }
            + (managerReference.map { $0.id.text.utf8.count + $0.displayName.utf8.count } ?? 0)
    }
}
