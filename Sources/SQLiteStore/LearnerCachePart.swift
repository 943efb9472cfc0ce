import SCIM
import Synchronization

/// A part of the cached learners behind one lock, and what is known of their changes.
///
/// A hand goes round over the learners when one more would be too much: who was asked for since it came by last stays, the
/// others make room. So as many learners as fit are kept as long as they are asked for, and a walk over all of a tenant
/// pushes out other walkers first.
final class LearnerCachePart: Sendable {
    private let state: Mutex<State>

    /// Marks of a part: with so many, the changes of one group of writes leave most other learners alone.
    static let markCount = 128

    /// What the lock protects.
    fileprivate struct State {
        var marks = Array(repeating: Mark(), count: LearnerCachePart.markCount)
        /// The seat of the learner whose key has that hash.
        var seatOf: [UInt: Int] = [:]
        var seats: [Seat] = []
        var emptySeats: [Int] = []
        /// The seat that the hand goes to next.
        var hand = 0
        /// What all seats take, about.
        var bytes = 0
        /// What they may take.
        let limit: Int
        var names: LearnerNames
    }

    /// When one of the learners that share the mark was changed last: a collision costs a reading, nothing else.
    fileprivate struct Mark {
        var lastChange: UInt64 = 0
        /// Commits of such changes that have not ended: until then others may read it either way.
        var underWay = 0

        /// Whether what was read after that moment is as it was.
        func holds(_ moment: UInt64) -> Bool { underWay == 0 && lastChange <= moment }
    }

    /// Where a learner is kept.
    fileprivate struct Seat {
        /// Nil while nobody has it.
        var learner: CachedLearner?
        var hash: UInt
        var bytes: Int
        /// Whether it was asked for since the hand came by.
        var wasUsed = false
    }

    /// An empty part of so many bytes.
    init(bytes: Int) {
        state = Mutex(State(limit: bytes, names: LearnerNames(limit: bytes / LearnerNames.bytesForEach)))
    }
}

// MARK: - Reading and keeping

extension LearnerCachePart {
    /// The learner whose key has that hash, if it is kept and has not changed.
    func learner(_ hash: UInt, mark: Int) -> CachedLearner? {
        state.withLock { state in
            guard let learner = state.used(hash), state.marks[mark].holds(learner.moment) else { return nil }
            return learner
        }
    }

    /// Whether the learners of that mark are as they were at that moment.
    func holds(_ mark: Int, since moment: UInt64) -> Bool {
        state.withLock { $0.marks[mark].holds(moment) }
    }

    /// Keeps a learner, unless it may have changed since its reading began.
    func keep(_ learner: CachedLearner, _ hash: UInt, mark: Int) {
        state.withLock { state in
            guard state.marks[mark].holds(learner.moment) else { return }
            state.keep(learner, hash)
        }
    }

    /// The hash of the key of the learner who had the name of that hash.
    func learner(named name: UInt) -> UInt? {
        state.withLock { $0.names.learner(name) }
    }

    /// Keeps who has the name of that hash.
    func keep(_ learner: UInt, named name: UInt) {
        state.withLock { $0.names.keep(learner, name) }
    }

    /// A commit begins that changes the learner whose key has that hash.
    func changeBegins(_ hash: UInt, mark: Int) {
        state.withLock { state in
            state.marks[mark].underWay += 1
            state.remove(hash)
        }
    }

    /// That commit has ended.
    func changeEnded(mark: Int, at moment: UInt64) {
        state.withLock { state in
            state.marks[mark].underWay -= 1
            state.marks[mark].lastChange = max(state.marks[mark].lastChange, moment)
        }
    }

    /// Bytes that learners take, about.
    var bytes: Int { state.withLock { $0.bytes } }
}

// MARK: - Seats

extension LearnerCachePart.State {
    /// The learner of that hash, who stays when the hand comes by next.
    fileprivate mutating func used(_ hash: UInt) -> CachedLearner? {
        guard let seat = seatOf[hash] else { return nil }
        seats[seat].wasUsed = true
        return seats[seat].learner
    }

    /// Empties the seat of that hash.
    fileprivate mutating func remove(_ hash: UInt) {
        guard let seat = seatOf.removeValue(forKey: hash) else { return }
        bytes -= seats[seat].bytes
        seats[seat].learner = nil
        emptySeats.append(seat)
    }

    /// Gives a learner a seat; one that would not fit into the part at all is not kept.
    fileprivate mutating func keep(_ learner: CachedLearner, _ hash: UInt) {
        remove(hash)
        let size = learner.bytes
        guard size <= limit else { return }
        while bytes + size > limit { moveHand() }
        let taken = LearnerCachePart.Seat(learner: learner, hash: hash, bytes: size)
        if let seat = emptySeats.popLast() {
            seats[seat] = taken
            seatOf[hash] = seat
        } else {
            seatOf[hash] = seats.count
            seats.append(taken)
        }
        bytes += size
    }

    /// Comes by one seat.
    private mutating func moveHand() {
        let seat = seats[hand]
        if seat.learner != nil, !seat.wasUsed { remove(seat.hash) }
        seats[hand].wasUsed = false
        hand = (hand + 1) % seats.count
    }
}

extension CachedLearner {
    /// What it takes, about.
    var bytes: Int { Self.overhead + (userName?.utf8.count ?? 0) + resource.bytes }

    /// Bytes beside texts: a seat, an object, the heads of some strings.
    private static let overhead = 352
}

extension StoredResource {
    /// The bytes of its parts that have no fixed size, about.
    fileprivate var bytes: Int {
        document.count + id.text.utf8.count + (externalID?.utf8.count ?? 0)
            + groups.reduce(0) { $0 + 96 + $1.id.text.utf8.count + $1.display.utf8.count }
            + (managerReference.map { $0.id.text.utf8.count + $0.displayName.utf8.count } ?? 0)
    }
}
