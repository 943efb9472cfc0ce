import SCIM
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: learners at hand")
struct LearnerShelfTests {
    private let cache = LearnerCache(bytes: 1 << 20)

    @Test func `a learner is at hand for the connection that read it, and for no other`() {
        let shelf = opened()

        shelf.keep(.sample(1), for: Viewer.payroll.connection, asOf: shelf.moment)

        #expect(shelf.learner(.numbered(1), for: Viewer.payroll.connection)?.id == .numbered(1))
        #expect(shelf.learner(.numbered(1), for: Viewer.directory.connection) == nil)
        #expect(shelf.learner(.numbered(2), for: Viewer.payroll.connection) == nil)
    }

    @Test func `files have nothing in common`() {
        let (one, other) = (opened(), opened())

        one.keep(.sample(1), for: nil, asOf: one.moment)

        #expect(one.learner(.numbered(1), for: nil) != nil)
        #expect(other.learner(.numbered(1), for: nil) == nil)
    }

    @Test func `what a commit changes is not at hand from its begin on, and is kept again after it`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)
        let extent = changes([.numbered(1)])

        shelf.commitBegins(extent)
        let meanwhile = shelf.learner(.numbered(1), for: nil)
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)
        let keptMeanwhile = shelf.learner(.numbered(1), for: nil)
        shelf.commitEnded(extent)
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)

        #expect(meanwhile == nil && keptMeanwhile == nil)
        #expect(shelf.learner(.numbered(1), for: nil) != nil)
    }

    @Test(arguments: [true, false])
    func `a reading that began before a commit ended is worth nothing`(isEverything: Bool) {
        let shelf = opened()
        let extent = isEverything ? changesOfAll() : changes([.numbered(1)])
        let before = shelf.moment
        shelf.commitBegins(extent)
        let during = shelf.moment
        shelf.commitEnded(extent)

        for moment in [before, during] {
            shelf.keep(.sample(1), for: nil, asOf: moment)
            #expect(shelf.learner(.numbered(1), for: nil) == nil)
        }
    }

    @Test func `a commit of others leaves a learner at hand`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)

        // No other id shares its mark: looked up, because the hash is another in each run.
        let marks = { (id: ResourceID) in
            self.cache.place(of: .init(file: 1, column: .id, text: id.text))
        }
        let other = (2...).lazy.map { ResourceID.numbered($0) }
            .first { marks($0).mark != marks(.numbered(1)).mark }
        let extent = changes(other.map { [$0] } ?? [])
        shelf.commitBegins(extent)
        shelf.commitEnded(extent)

        #expect(shelf.learner(.numbered(1), for: nil) != nil)
    }

    @Test func `a commit that may have changed everything leaves nothing at hand`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)

        shelf.commitBegins(changesOfAll())
        shelf.commitEnded(changesOfAll())

        #expect(shelf.learner(.numbered(1), for: nil) == nil)
    }

    @Test func `nothing is at hand of a file that must not be read, nor what was read before`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)

        shelf.shutDown()
        let shut = shelf.learner(.numbered(1), for: nil)
        shelf.open()

        #expect(shut == nil)
        #expect(shelf.learner(.numbered(1), for: nil) == nil)
    }

    @Test func `a learner goes with the manager who is shown`() {
        let shelf = opened()
        shelf.keep(.sample(1, manager: .numbered(7)), for: nil, asOf: shelf.moment)
        let before = shelf.learner(.numbered(1), for: nil)

        shelf.commitBegins(changes([.numbered(7)]))
        let meanwhile = shelf.learner(.numbered(1), for: nil)
        shelf.commitEnded(changes([.numbered(7)]))

        #expect(before != nil)
        #expect(meanwhile == nil && shelf.learner(.numbered(1), for: nil) == nil)
    }

    @Test func `who shows a manager by name, or names one who is not there, is not kept`() {
        let shelf = opened()

        shelf.keep(.sample(1, manager: .numbered(7), sent: "boss@example.com"), for: nil, asOf: shelf.moment)
        shelf.keep(.sample(2, manager: nil, sent: "boss@example.com"), for: nil, asOf: shelf.moment)

        #expect(shelf.learner(.numbered(1), for: nil) == nil)
        #expect(shelf.learner(.numbered(2), for: nil) == nil)
    }

    @Test func `a name leads to the learner who has it, byte by byte`() {
        let shelf = opened()

        shelf.keep(.sample(1), for: nil, named: name("caf\u{e9}"), asOf: shelf.moment)

        #expect(shelf.learner(named: name("caf\u{e9}"))?.id == .numbered(1))
        #expect(shelf.learner(named: name("cafe\u{301}")) == nil)
        #expect(shelf.learner(named: name("other")) == nil)
    }

    @Test func `a name leads nowhere when the learner has changed`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, named: name("ada"), asOf: shelf.moment)

        shelf.commitBegins(changes([.numbered(1)]))
        shelf.commitEnded(changes([.numbered(1)]))
        // Read by id: nothing is known of the name any more.
        shelf.keep(.sample(1), for: nil, asOf: shelf.moment)

        #expect(shelf.learner(.numbered(1), for: nil) != nil)
        #expect(shelf.learner(named: name("ada")) == nil)
    }

    @Test func `an externalId leads to a learner for its own connection`() {
        let shelf = opened()
        let (payroll, directory) = (Viewer.payroll.connection, Viewer.directory.connection)
        let name = { LearnerShelf.Name(equality: .externalID("x-1"), connection: $0, codec: .identity) }

        shelf.keep(.sample(1, externalID: "x-1"), for: payroll, named: name(payroll), asOf: shelf.moment)

        #expect(shelf.learner(named: name(payroll))?.id == .numbered(1))
        #expect(shelf.learner(named: name(directory)) == nil)
        #expect(shelf.learner(named: name(nil)) == nil)
    }

    @Test func `what is read by id is found by its name as well`() {
        let shelf = opened()

        shelf.keep(.sample(1), for: nil, userName: "ada", asOf: shelf.moment)

        #expect(shelf.learner(named: name("ada"))?.id == .numbered(1))
        #expect(shelf.learner(named: name("eve")) == nil)
    }

    /// The cost of the sample is found by trying: the first size of a part that keeps it.
    @Test func `what fits into a part is kept, and one byte more is not`() throws {
        let sizes = 1...4_000
        let keeps = { (size: Int) in
            let shelf = LearnerCache(bytes: size * LearnerCache.partCount).shelf()
            shelf.open()
            shelf.keep(.sample(1), for: nil, asOf: shelf.moment)
            return shelf.learner(.numbered(1), for: nil) != nil
        }

        let first = try #require(sizes.first(where: keeps))

        #expect(first > StoredResource.sample(1).document.count)
        #expect((first...sizes.upperBound).allSatisfy(keeps))
        #expect(!keeps(0))
    }

    @Test func `as many as fit stay at hand, in whatever order they are asked for`() {
        let part = LearnerCachePart(bytes: 10 * sample(0).bytes)
        for number in UInt(0)..<10 { part.keep(sample(0), number, mark: 0) }

        let found = (0..<1_000).map { UInt($0 * 7 % 10) }.filter { part.learner($0, mark: 0) != nil }
        let one = sample(0)
        part.keep(one, 10, mark: 0)

        #expect(found.count == 1_000)
        #expect((UInt(0)...10).count { part.learner($0, mark: 0) != nil } == 10)
        #expect(part.learner(10, mark: 0) === one)
    }

    @Test func `a walk over many pushes out other walkers, and not who is asked for`() {
        let part = LearnerCachePart(bytes: 10 * sample(0).bytes)
        for number in UInt(0)..<5 { part.keep(sample(0), number, mark: 0) }

        for walker in UInt(100)..<200 {
            for number in UInt(0)..<5 { _ = part.learner(number, mark: 0) }
            part.keep(sample(0), walker, mark: 0)
        }

        #expect((UInt(0)..<5).allSatisfy { part.learner($0, mark: 0) != nil })
        #expect((UInt(100)..<200).count { part.learner($0, mark: 0) != nil } == 5)
    }

    @Test func `never more than the bytes are kept, and what is used stays`() {
        let bytes = 64 << 10
        let cache = LearnerCache(bytes: bytes)
        let shelf = cache.shelf()
        shelf.open()

        for number in 1...1_000 {
            shelf.keep(.sample(number), for: nil, asOf: shelf.moment)
            shelf.keep(.sample(0), for: nil, asOf: shelf.moment)
            _ = shelf.learner(.numbered(0), for: nil)
        }

        #expect(cache.bytes <= bytes && cache.bytes > bytes / 4)
        #expect(shelf.learner(.numbered(0), for: nil) != nil)
        #expect(shelf.learner(.numbered(1), for: nil) == nil)
    }

    @Test func `one who is read and changed again and again pushes nobody out`() {
        let part = LearnerCachePart(bytes: 16 << 10)
        let (quiet, busy) = (UInt(1), UInt(2))
        part.keep(sample(0), quiet, mark: 0)

        for moment in UInt64(1)...1_000 {
            part.changeBegins(busy, mark: 1)
            part.changeEnded(mark: 1, at: moment)
            part.keep(sample(1, moment: moment), busy, mark: 1)
        }

        #expect(part.learner(quiet, mark: 0) != nil)
        #expect(part.learner(busy, mark: 1)?.moment == 1_000)
    }

    @Test func `names beyond a half push out those that nobody asked for, and no more`() {
        var names = LearnerNames(limit: 4)

        for number in UInt(0)..<4 { names.keep(number, number) }
        let whole = (UInt(0)..<4).map { names.learner($0) }
        for number in UInt(4)..<8 {
            _ = names.learner(0)
            names.keep(number, number)
        }

        #expect(whole == [0, 1, 2, 3])
        #expect(names.learner(0) == 0 && names.learner(7) == 7)
        #expect(names.learner(1) == nil)
        var none = LearnerNames(limit: 0)
        none.keep(1, 1)
        #expect(none.learner(1) == nil)
    }

    // MARK: - What was written

    @Test func `what a commit has written is at hand after it, by id and by name`() {
        let shelf = opened()
        var extent = changes([.numbered(1)])
        extent.job(leaves: .init(resource: .sample(1), userName: "ada", connection: nil, isNew: false))
        extent.job(leaves: .init(resource: .sample(2), userName: "grace", connection: nil, isNew: true))

        shelf.commitBegins(extent)
        let before = shelf.learner(.numbered(1), for: nil)
        shelf.commitEnded(extent)
        shelf.keepWritten(extent)

        #expect(before == nil)
        #expect(shelf.learner(.numbered(1), for: nil) != nil)
        #expect(shelf.learner(named: name("ada"))?.id == .numbered(1))
        #expect(shelf.learner(named: name("grace"))?.id == .numbered(2))
    }

    /// Which learners the jobs of one transaction say that they change, beside the learner 1, whose manager is 7.
    @Test(arguments: [([1, 2], true), ([1, 1], false), ([1, 7], false), ([7, 1], false)])
    func `a learner is not at hand when a job of the same transaction changes what is shown`(
        changed: [Int],
        isLasting: Bool
    ) {
        let shelf = opened()
        var extent = changes(changed.map { .numbered($0) })
        let learner = StoredResource.sample(1, manager: .numbered(7))
        extent.job(leaves: .init(resource: learner, userName: "ada", connection: nil, isNew: false))

        shelf.commitBegins(extent)
        shelf.commitEnded(extent)
        shelf.keepWritten(extent)

        #expect((shelf.learner(.numbered(1), for: nil) != nil) == isLasting)
    }

    @Test func `who is changed in the transaction that made them is not at hand as they were made`() {
        var extent = changes([.numbered(1)])
        extent.job(leaves: .init(resource: .sample(1), userName: "ada", connection: nil, isNew: true))
        #expect(extent.lasting.isEmpty)

        extent.job(leaves: .init(resource: .sample(1), userName: "ada", connection: nil, isNew: false))
        #expect(extent.lasting.map(\.isNew) == [false])
    }

    /// It is undone alone, and another job of the transaction changes the same learner.
    @Test func `what a job has left that failed afterwards is not at hand`() {
        var extent = changes([.numbered(1)])
        extent.jobBegins()
        extent.leaves(.init(resource: .sample(1), userName: "undone", connection: nil, isNew: false))
        extent.job(leaves: .init(resource: .sample(2), userName: "grace", connection: nil, isNew: true))

        #expect(extent.lasting.map(\.userName) == ["grace"])
    }

    @Test func `after a job that may have changed everything nothing is at hand`() {
        var extent = changesOfAll()
        extent.job(leaves: .init(resource: .sample(1), userName: "ada", connection: nil, isNew: true))

        #expect(extent.lasting.isEmpty)
    }

    // MARK: - What the writer finds

    /// Which learners the transaction has changed before, beside the learner 1, whose manager is 7.
    @Test(arguments: [([], true), ([2], true), ([1], false), ([7], false)] as [([Int], Bool)])
    func `a write finds a learner at hand whom its transaction has left alone`(changed: [Int], isFound: Bool)
    {
        let shelf = opened()
        let learner = StoredResource.sample(1, manager: .numbered(7))
        let standing = LearnerStanding(row: 12, owner: Viewer.payroll.connection)
        shelf.keep(learner, for: nil, userName: "ada", standing: standing, asOf: shelf.moment)

        let found = shelf.current(.numbered(1), for: nil, in: changes(changed.map { .numbered($0) }))

        #expect((found != nil) == isFound)
        #expect(found.map(\.row) == (isFound ? 12 : nil))
        #expect(found?.owner == (isFound ? Viewer.payroll.connection : nil))
        #expect(found?.managerSent == (isFound ? ResourceID.numbered(7).text : nil))
        #expect(shelf.current(.numbered(1), for: nil, in: changesOfAll()) == nil)
        #expect(shelf.current(.numbered(1), for: Viewer.payroll.connection, in: WriteExtent()) == nil)
    }

    @Test func `a write finds nobody of whom the row is not known`() {
        let shelf = opened()
        shelf.keep(.sample(1), for: nil, userName: "ada", asOf: shelf.moment)

        #expect(shelf.learner(.numbered(1), for: nil) != nil)
        #expect(shelf.current(.numbered(1), for: nil, in: WriteExtent()) == nil)
    }

    private func sample(_ number: Int, moment: UInt64 = 0) -> CachedLearner {
        CachedLearner(.sample(number), of: 1, for: nil, userName: nil, moment: moment)
    }

    private func opened() -> LearnerShelf {
        let shelf = cache.shelf()
        shelf.open()
        return shelf
    }

    private func name(_ userName: String) -> LearnerShelf.Name {
        .init(equality: .userName(folded: userName), connection: nil, codec: .identity)
    }

    private func changes(_ learners: [ResourceID]) -> WriteExtent {
        var extent = WriteExtent()
        extent.jobBegins()
        extent.isOnly(learners)
        extent.jobEnded()
        return extent
    }

    /// A job that says nothing, after one that did.
    private func changesOfAll() -> WriteExtent {
        var extent = changes([.numbered(3)])
        extent.jobBegins()
        extent.jobEnded()
        return extent
    }
}

extension WriteExtent {
    /// A job that says of nobody else that it changes them.
    fileprivate mutating func job(leaves learner: Left) {
        jobBegins()
        leaves(learner)
        isOnly([])
        jobEnded()
    }
}

extension StoredResource {
    /// The n-th learner, whose manager was sent by id unless told otherwise.
    fileprivate static func sample(
        _ number: Int,
        externalID: String? = nil,
        manager: ResourceID? = nil,
        sent: String? = nil
    ) -> StoredResource {
        let id = ResourceID.numbered(number)
        var document = "{\"id\":\"\(id)\","
        var splice: Int?
        if let sent = sent ?? manager?.text {
            document += "\"manager\":{\"value\":\"\(sent)\""
            splice = document.utf8.count
            document += "},"
        }
        let rest = document.utf8.count
        document += "\"meta\":{}}"
        return StoredResource(
            type: .user,
            id: id,
            version: ResourceVersion(1),
            created: Timestamp(milliseconds: 0),
            lastModified: Timestamp(milliseconds: 0),
            document: Array(document.utf8),
            splices: DocumentSplices(externalID: 1, manager: splice, groups: rest, location: rest),
            writtenSet: .learner,
            externalID: externalID,
            groups: [],
            managerReference: manager.map { ManagerReference(id: $0, displayName: "Boss") }
        )
    }
}
