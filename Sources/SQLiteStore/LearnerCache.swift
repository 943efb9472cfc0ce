import SCIM
import Store
import Synchronization
import Tenancy

/// Learners that were read lately, of all tenants: to read one of them again takes no SQLite.
///
/// The gateway is the only writer of its files, and so knows of every change before anybody else can see it. Each commit
/// moves a clock on. What was read bears the moment before its reading began, and holds as long as nothing that it shows
/// has changed since. So a reading that began before a commit and ends after it is worth nothing, however late it comes.
///
/// Kept are learners, by their id, and beside them the names that they were looked up by. Groups are not: one of them may
/// have a hundred thousand members.
final class LearnerCache: Sendable {
    private let parts: [LearnerCachePart]
    /// Moves on with each commit of any file.
    private let clock = Atomic<UInt64>(0)
    private let files = Atomic<UInt64>(0)

    /// Locks, each for its part of the learners: two loops and a dozen writers seldom meet at one.
    static let partCount = 16

    /// What a learner is found by.
    struct Key {
        /// Which file.
        let file: UInt64
        /// What the text is.
        let column: Column
        /// The id, or the text of the look-up column.
        let text: String

        /// What a learner can be found by.
        enum Column: Hashable {
            case id, userName
            case externalID(Connection.ID)
        }
    }

    /// An empty cache of about so many bytes; 0 keeps nothing.
    init(bytes: Int) {
        parts = (0..<Self.partCount).map { _ in LearnerCachePart(bytes: bytes / Self.partCount) }
    }

    /// What is kept of one more file, which is shut at first.
    func shelf() -> LearnerShelf {
        LearnerShelf(of: self, file: files.add(1, ordering: .relaxed).newValue)
    }

    /// The moment that it is: a reading that begins now sees every commit that has ended by then.
    var moment: UInt64 { clock.load(ordering: .sequentiallyConsistent) }

    /// The moment at which a commit ends.
    func nextMoment() -> UInt64 { clock.add(1, ordering: .sequentiallyConsistent).newValue }

    /// Bytes that are kept, about.
    var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

    /// Where a key belongs.
    func place(of key: Key) -> Place { place(of: UInt(bitPattern: key.hashValue)) }

    /// Where the keys of that hash belong.
    func place(of hash: UInt) -> Place {
        let (rest, part) = hash.quotientAndRemainder(dividingBy: UInt(Self.partCount))
        return Place(
            hash: hash,
            part: parts[Int(part)],
            mark: Int(rest % UInt(LearnerCachePart.markCount))
        )
    }

    /// Where a key belongs: the part, and the mark that it shares with some others there.
    ///
    /// In the part the hash stands for the key: it is of a seed of this process, and who is found by it is asked who it is.
    struct Place {
        let hash: UInt
        let part: LearnerCachePart
        let mark: Int
    }
}

extension LearnerCache.Key: Hashable {
    /// The same file and column, and the same bytes.
    static func == (left: Self, right: Self) -> Bool {
        left.file == right.file && left.column == right.column
            && TextOrder.isSameBytes(left.text, right.text)
    }

    /// Hashes the file and the bytes; names of one text in two columns are few.
    func hash(into hasher: inout Hasher) {
        hasher.combine(file)
        // SAFETY: the pointer is used within the call only, as long as the text's bytes are lent.
        unsafe text.utf8.span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

/// A learner as it was read for one connection.
final class CachedLearner: Sendable {
    /// Of which file.
    let file: UInt64
    /// The learner, derived for the connection.
    let resource: StoredResource
    /// Whose `externalId` is shown.
    let connection: Connection.ID?
    /// What stands in the look-up column.
    let userName: String?
    /// What a write needs to know besides; nil when that was not read.
    let standing: LearnerStanding?
    /// It shows every commit that had ended by then.
    let moment: UInt64

    /// A learner whose reading began at that moment.
    init(
        _ resource: StoredResource,
        of file: UInt64,
        for connection: Connection.ID?,
        userName: String?,
        standing: LearnerStanding? = nil,
        moment: UInt64
    ) {
        self.file = file
        self.resource = resource
        self.connection = connection
        self.userName = userName
        self.standing = standing
        self.moment = moment
    }
}

/// What only the store knows of a learner.
struct LearnerStanding {
    /// The row's number.
    let row: Int64
    /// The connection that manages it.
    let owner: Connection.ID?
}
