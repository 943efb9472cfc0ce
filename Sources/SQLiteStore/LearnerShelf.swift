import SCIM
import Store
import Synchronization
import Tenancy

/// The cached learners of one file: what its readers find, and what its writer takes away.
final class LearnerShelf: Sendable {
    private let cache: LearnerCache
    private let file: UInt64
    /// Nothing that was read before is kept; ``shut`` while nothing is to be read at all.
    private let cleared = Atomic<UInt64>(LearnerShelf.shut)

    private static let shut = UInt64.max

    /// A name that a learner can be looked up by, and who looks.
    struct Name {
        /// The column and the text in it.
        let equality: IndexedEquality
        /// The connection that asks.
        let connection: Connection.ID?
        /// Turns the text into what is stored.
        let codec: DocumentCodec
    }

    /// The shelf of a file of the cache, shut.
    init(of cache: LearnerCache, file: UInt64) {
        self.cache = cache
        self.file = file
    }

    /// The file may be read: nothing of what was read before counts.
    func open() {
        cleared.store(cache.nextMoment(), ordering: .sequentiallyConsistent)
    }

    /// The file may not be read now: who asks is to learn that from its readers.
    func shutDown() {
        cleared.store(Self.shut, ordering: .sequentiallyConsistent)
    }
}

// MARK: - What readers do

extension LearnerShelf {
    /// When a reading begins, for what it is to be kept with.
    var moment: UInt64 { cache.moment }

    /// The learner of that id as SQLite would give it now; nil when it must be asked.
    func learner(_ id: ResourceID, for connection: Connection.ID?) -> StoredResource? {
        guard let learner = cached(cache.place(of: key(id)), for: connection),
            TextOrder.isSameBytes(learner.resource.id.text, id.text)
        else { return nil }
        return learner.resource
    }

    /// The learner of that name as SQLite would give it now; nil when it must be asked.
    func learner(named name: Name) -> StoredResource? {
        guard let key = self.key(name) else { return nil }
        let place = cache.place(of: key)
        guard let hash = place.part.learner(named: place.hash),
            let learner = cached(cache.place(of: hash), for: name.connection), learner.isNamed(by: key)
        else { return nil }
        return learner.resource
    }

    /// Keeps a learner whose reading began at that moment, with its look-up column and its standing where they were read,
    /// and the name that it was found by, if by one.
    func keep(
        _ resource: StoredResource,
        for connection: Connection.ID?,
        userName known: String? = nil,
        standing: LearnerStanding? = nil,
        named name: Name? = nil,
        asOf moment: UInt64
    ) {
        guard resource.showsNobodyByName else { return }
        let asked = name.flatMap { key($0) }
        let userName = known ?? (asked?.column == .userName ? asked?.text : nil)
        let learner = CachedLearner(
            resource,
            of: file,
            for: connection,
            userName: userName,
            standing: standing,
            moment: moment
        )
        let place = cache.place(of: key(resource.id))
        place.part.keep(learner, place.hash, mark: place.mark)
        if let userName { lead(LearnerCache.Key(file: file, column: .userName, text: userName), to: place) }
        if let asked, asked.column != .userName { lead(asked, to: place) }
    }

    private func lead(_ name: LearnerCache.Key, to learner: LearnerCache.Place) {
        let place = cache.place(of: name)
        place.part.keep(learner.hash, named: place.hash)
    }

    private func cached(_ place: LearnerCache.Place, for connection: Connection.ID?) -> CachedLearner? {
        guard let learner = place.part.learner(place.hash, mark: place.mark), learner.file == file,
            learner.connection == connection,
            cleared.load(ordering: .sequentiallyConsistent) <= learner.moment
        else { return nil }
        if let manager = learner.resource.managerReference {
            let place = cache.place(of: key(manager.id))
            guard place.part.holds(place.mark, since: learner.moment) else { return nil }
        }
        return learner
    }

    private func key(_ id: ResourceID) -> LearnerCache.Key {
        LearnerCache.Key(file: file, column: .id, text: id.text)
    }

    private func key(_ name: Name) -> LearnerCache.Key? {
        switch (name.equality, name.connection) {
        case (.userName(let text), _):
            LearnerCache.Key(file: file, column: .userName, text: name.codec.lookUp(.userName, text))
        case (.externalID(let text), let connection?):
            LearnerCache.Key(file: file, column: .externalID(connection), text: text)
        default: nil
        }
    }
}

// MARK: - What the writer does

extension LearnerShelf {
    /// The learner of that id as the transaction at hand meets it; nil when SQLite must be asked.
    ///
    /// What readers have at hand is as the last commit left it, and only the writer that asks makes commits. So it is as
    /// SQLite would give it, unless the transaction itself has changed the learner, or whom it shows, or a job of it has
    /// not said what it changed. A PATCH saves three statements by it, with what is made of their rows: 37,000 of its
    /// 540,000 instructions.
    func current(_ id: ResourceID, for connection: Connection.ID?, in extent: WriteExtent) -> ResourceRows
        .Found?
    {
        guard !extent.isEverything, let learner = cached(cache.place(of: key(id)), for: connection),
            TextOrder.isSameBytes(learner.resource.id.text, id.text), let standing = learner.standing
        else { return nil }
        let manager = learner.resource.managerReference?.id
        guard !extent.learners.contains(where: { $0 == id || $0 == manager }) else { return nil }
        return ResourceRows.Found(
            row: standing.row,
            resource: learner.resource,
            owner: standing.owner,
            isTargetGroup: false,
            // Kept is only who names a manager by id, or none: ``StoredResource/showsNobodyByName``.
            managerSent: manager?.text,
            userName: learner.userName
        )
    }

    /// A commit begins: what it changes is not kept until it has ended, so that nobody sees the old after the new.
    func commitBegins(_ extent: WriteExtent) {
        if extent.isEverything { return shutDown() }
        for id in extent.learners {
            let place = cache.place(of: key(id))
            place.part.changeBegins(place.hash, mark: place.mark)
        }
    }

    /// The commit has ended, and its answers are still to be given.
    func commitEnded(_ extent: WriteExtent) {
        if extent.isEverything { return open() }
        guard !extent.learners.isEmpty else { return }
        let moment = cache.nextMoment()
        for id in extent.learners {
            let place = cache.place(of: key(id))
            place.part.changeEnded(mark: place.mark, at: moment)
        }
    }
}

extension LearnerShelf {
    /// What a commit has written is at hand from its answer on: most often it is read next, and SQLite need not be asked.
    ///
    /// To be called by the writer, after its commit has ended and before another begins.
    func keepWritten(_ extent: WriteExtent) {
        let moment = self.moment
        for learner in extent.lasting {
            let resource = learner.resource.withoutSpareRoom
            keep(
                resource,
                for: learner.connection,
                userName: learner.userName,
                standing: learner.standing,
                asOf: moment
            )
        }
    }
}

extension CachedLearner {
    /// Whether it is what the key leads to: as long as nothing has changed in it, nobody else has its name.
    fileprivate func isNamed(by key: LearnerCache.Key) -> Bool {
        let name = key.column == .userName ? userName : resource.externalID
        return name.map { TextOrder.isSameBytes($0, key.text) } ?? false
    }
}

extension StoredResource {
    /// Whether all that it shows of others is found by their ids.
    ///
    /// A manager who is sent by name may be another person tomorrow, and who is not there yet may come: such learners are
    /// read anew each time.
    fileprivate var showsNobodyByName: Bool {
        guard let end = splices.manager else { return true }
        guard let id = managerReference?.id.text else { return false }
        let sent = document[..<end].suffix(id.utf8.count + 2)
        return sent.elementsEqual("\"\(id)\"".utf8)
    }
}
