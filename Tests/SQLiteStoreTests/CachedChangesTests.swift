import CloudProfiles
import Foundation
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: whichever way a learner changes, nothing of before is at hand")
struct CachedChangesTests {
    /// A way on which the first learner, as payroll sees it, becomes another.
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (SQLiteTenantStore) async throws -> Void

        init(_ name: String, _ change: @escaping @Sendable (SQLiteTenantStore) async throws -> Void) {
            testDescription = name
            self.change = change
        }
    }

    private static let ways = [
        Way("a PATCH of its own") { try await $0.setDepartment("Loading", of: 1) },
        Way("a deletion") { try await $0.delete(1) },
        Way("a deletion and a restoration") { store in
            try await store.delete(1)
            #expect(try await store.shownByID() == nil)
            let connections = [Viewer.payroll, .directory].compactMap(\.connection)
            let restoration = Restoration(connections: Set(connections), now: .later, origin: nil)
            _ = try await store.restore(.numbered(1), by: restoration)
        },
        Way("a purge") { try await $0.purge(1) },
        Way("a purge of its manager") { try await $0.purge(2) },
        Way("another name of its manager") { store in
            try await store.edit(2) { $0.attributes["userName"] = .simple(.string("Boss@example.com")) }
        },
        Way("a purge and an archive") { store in
            try await store.purge(1)
            #expect(try await store.shownByID() == nil)
            _ = try await store.reinstate([try .learner(1, title: "Pilot")], noting: nil)
        },
        Way("a membership of an archive") { store in
            try await store.addGroup(21, member: nil)
            #expect(!store.isAtHand)
            _ = try await store.shownByID()
            try await store.reinstate([Membership(group: .numbered(21), member: .numbered(1))], noting: nil)
        },
        Way("a load by another connection, when nobody manages it") { store in
            try await store.release(learnersNotOf: [])
            _ = try await store.shownByID()
            let refusals = await store.load([try .associating(1, title: "Pilot")], for: .directory)
            #expect(refusals == [nil])
        },
        Way("a POST by another connection, when nobody manages it") { store in
            try await store.release(learnersNotOf: [])
            _ = try await store.shownByID()
            _ = try await store.create(try .associating(1, title: "Pilot"), for: .directory)
        },
        Way("a move to another target group") { store in
            let move = LearnerMove(from: nil, to: .init("b"), now: .later, origin: nil)
            let moved = try await store.move([.numbered(1)], by: move)
            #expect(moved == 1)
        },
        Way("another name of its target group") { try await $0.arrange(names: ["a": "Other", "b": "B"]) },
        Way("a group of which it is a member") { try await $0.addGroup(21, member: 1) },
        Way("another name of such a group") { store in
            try await store.editGroup(20) { $0.attributes["displayName"] = .simple(.string("Other")) }
        },
        Way("a group that lets it go") { store in
            try await store.editGroup(20) { $0.memberEdits = [.remove([.numbered(1)])] }
        },
        Way("the end of such a group") { try await $0.delete(20, type: .group) },
    ]

    @Test(arguments: ways) func `it is read as SQLite has it`(way: Way) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.fill()
            let before = try await store.shownByID()
            _ = try await store.shownByName()
            #expect(before != nil && store.isAtHand)

            try await way.change(store)

            // By name first: what the look-up by id reads would be at hand for it.
            let byName = try await store.shownByName()
            let byID = try await store.shownByID()
            let inFile = try await store.shownByFile()
            #expect(inFile != before, "the way leads nowhere")
            #expect(byName == inFile && byID == inFile)
            await store.close()
        }
    }

    @Test(arguments: ways) func `a write that follows meets it as SQLite has it`(way: Way) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.fill()
            _ = try await store.shownByID()
            #expect(store.isAtHandOfWriter)
            let before = try await store.metInFile()

            try await way.change(store)

            // Once as the way has left it, and once as it was read since.
            for _ in 1...2 {
                let inFile = try await store.metInFile()
                #expect(inFile != before, "the way leads nowhere")
                #expect(try await store.metByWrite() == inFile)
                _ = try await store.shownByID()
            }
            await store.close()
        }
    }

    @Test func `writes of one transaction meet what those before them have left`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.fill()
            _ = try await store.shownByID()
            let before = try #require(try await store.shownToPayroll())

            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...32 {
                    group.addTask { try await store.append("<\(number)>", of: 1) }
                }
                try await group.waitForAll()
            }

            let after = try #require(try await store.shownToPayroll())
            let locale = try after.resource().attributes.string("locale") ?? ""
            #expect((1...32).allSatisfy { locale.contains("<\($0)>") })
            #expect(after.version.number == before.version.number + 32)
            await store.close()
        }
    }

    @Test func `two tenants with the same ids and names have each their own learner`() async throws {
        try await withDataRoot { root in
            let (one, other) = (try await root.openTenant("one"), try await root.openTenant("other"))
            try await one.fill()
            _ = try await one.shownByID()
            _ = try await one.shownByName()

            #expect(try await other.shownByID() == nil)
            #expect(try await other.shownByName() == nil)
            try await other.fill()
            try await other.setDepartment("Elsewhere", of: 1)
            for _ in 1...2 {
                #expect(try await one.shownByName() == one.shownByFile())
                #expect(try await other.shownByName() == other.shownByFile())
                #expect(try await other.shownByID()?.contains("Elsewhere") == true)
                #expect(try await one.shownByID()?.contains("Elsewhere") == false)
            }
            await one.close()
            await other.close()
        }
    }

    @Test func `a tenant that is made anew under its name finds nothing of the one before`() async throws {
        try await withDataRoot { root in
            let before = try await root.openTenant("acme")
            try await before.fill()
            _ = try await before.shownByID()
            _ = try await before.shownByName()
            await before.close()
            try await root.engine.remove(.init("acme"), .commercial)

            let after = try await root.openTenant("acme")

            #expect(try await after.shownByID() == nil)
            #expect(try await after.shownByName() == nil)
            await #expect(throws: StoreError.self) { try await before.shownByID() }
            await after.close()
        }
    }

    @Test func `a tenant whose file is put back is as it was then`() async throws {
        try await withDataRoot { root in
            let before = try await root.openTenant("acme")
            try await before.fill()
            let then = try await before.shownByID()
            try await before.copy(to: "\(root.path)/copy")
            try await before.setDepartment("Later", of: 1)
            let later = try await before.shownByID()
            await before.close()
            try FileManager.default.removeItem(atPath: root.file("acme"))
            try FileManager.default.moveItem(atPath: "\(root.path)/copy", toPath: root.file("acme"))

            let after = try await root.openTenant("acme")

            #expect(then != later)
            #expect(try await after.shownByName() == then)
            #expect(try await after.shownByID() == then)
            await after.close()
        }
    }
}

// MARK: - What payroll is shown of the first learner

extension SQLiteTenantStore {
    private static let name = IndexedEquality.userName(folded: "user1@example.com")

    fileprivate func shownByID() async throws -> String? {
        try await shownToPayroll()?.shown
    }

    fileprivate func shownToPayroll() async throws -> StoredResource? {
        try await resource(.user, id: .numbered(1), for: .payroll, members: .none)
    }

    fileprivate func shownByName() async throws -> String? {
        let filter = try ResolvedFilter.resolve(
            .parse("userName eq \"USER1@example.com\""),
            type: .user,
            set: .learner
        )
        let page = try await search(
            StoreQuery(type: .user, filter: filter, offset: 0, count: 2),
            for: .payroll
        )
        #expect(page.totalResults == page.resources.count)
        return page.resources.first?.shown
    }

    /// Past what is at hand.
    fileprivate func shownByFile() async throws -> String? {
        try await file.readOnThread { database in
            let rows = ResourceRows(
                database: database,
                connection: Viewer.payroll.connection,
                codec: .identity
            )
            return try rows.found(id: .numbered(1))?.resource.shown
        }
    }

    /// What a write of payroll finds out before it decides; nil when there is no such learner.
    fileprivate func metByWrite() async throws -> String? {
        let met = Met()
        let change = Change(type: .user, id: .numbered(1), now: .later) { current throws(SCIMError) in
            met.text.withLock { $0 = current.met }
            return Change.Decision(nil)
        }
        do throws(StoreError) {
            _ = try await self.change(change, for: .payroll)
        } catch {
            guard error == .notFound else { throw error }
        }
        return met.text.withLock { $0 }
    }

    /// The same past what is at hand.
    fileprivate func metInFile() async throws -> String? {
        try await file.readOnThread { database in
            let payroll = Viewer.payroll.connection
            let rows = ResourceRows(database: database, connection: payroll, codec: .identity)
            return try rows.found(id: .numbered(1))?.current.met
        }
    }

    fileprivate var isAtHandOfWriter: Bool {
        let found = file.readers.shelf.current(
            .numbered(1),
            for: Viewer.payroll.connection,
            in: WriteExtent()
        )
        return found != nil
    }

    fileprivate var isAtHand: Bool {
        let shelf = file.readers.shelf
        let name = LearnerShelf.Name(
            equality: Self.name,
            connection: Viewer.payroll.connection,
            codec: .identity
        )
        return shelf.learner(.numbered(1), for: Viewer.payroll.connection) != nil
            && shelf.learner(named: name) != nil
    }
}

extension StoredResource {
    fileprivate var shown: String {
        "\(version) " + String(decoding: rendered(locationPrefix: "https://a"), as: UTF8.self)
    }
}

/// What a write has met.
private final class Met: Sendable {
    let text = Mutex<String?>(nil)
}

extension Change.Current {
    fileprivate var met: String {
        "\(resource.shown) of \(owner?.text ?? "nobody"), a target group: \(isTargetGroup)"
    }
}

// MARK: - Ways

extension SQLiteTenantStore {
    /// Writes behind what is there of the learner's locale.
    fileprivate func append(_ text: String, of number: Int) async throws {
        try await edit(number) { resource in
            let before = resource.attributes.string("locale") ?? ""
            resource.attributes["locale"] = .simple(.string(before + text))
        }
    }

    /// A learner in a target group and in a client's group, and its manager.
    fileprivate func fill() async throws {
        try await arrange(names: ["a": "A", "b": "B"])
        try await add(2)
        try await add(1, manager: ResourceID.numbered(2).text, group: .init("a"))
        try await addGroup(20, member: 1)
    }

    fileprivate func arrange(names: [String: String]) async throws {
        let groups = names.sorted { $0.key < $1.key }
            .map { TargetGroup(id: .init($0.key), displayName: $0.value) }
        let last = Mutex(90)
        let makeID: @Sendable () -> ResourceID = {
            .numbered(
                last.withLock { last in
                    last += 1
                    return last
                }
            )
        }
        try await arrange(targetGroups: groups, makingIDs: makeID, now: .later)
    }

    fileprivate func delete(_ number: Int, type: ResourceType.Name = .user) async throws {
        let viewer = type == .user ? Viewer.payroll : .directory
        try await delete(Deletion(type: type, id: .numbered(number), now: .later) { _ in }, for: viewer)
    }

    fileprivate func purge(_ number: Int) async throws {
        try await purge(.numbered(number), by: Purge(includesLiving: true, now: .later, origin: nil))
    }

    fileprivate func edit(_ number: Int, _ edit: @escaping @Sendable (inout Resource) -> Void) async throws {
        let change = Change(type: .user, id: .numbered(number), now: .later) { current throws(SCIMError) in
            var resource = try current.resource.resource()
            edit(&resource)
            return .init(try Validation.validate(resource, set: .learner))
        }
        _ = try await self.change(change, for: .payroll)
    }

    fileprivate func addGroup(_ number: Int, member: Int?) async throws {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string("G\(number)"))
        group.memberEdits = member.map { [.add([.numbered($0)])] } ?? []
        let creation = Creation(
            resource: try Validation.validate(group, set: .full),
            id: .numbered(number),
            targetGroup: nil,
            now: .later,
            isManaged: true,
            associating: nil
        )
        _ = try await create(creation, for: .directory)
    }

    fileprivate func editGroup(_ number: Int, _ edit: @escaping @Sendable (inout Resource) -> Void)
        async throws
    {
        let change = Change(type: .group, id: .numbered(number), now: .later) { current throws(SCIMError) in
            var group = try current.resource.resource()
            edit(&group)
            return .init(try Validation.validate(group, set: .full))
        }
        _ = try await self.change(change, for: .directory)
    }
}

extension Creation {
    /// The n-th learner, written by one who takes it over.
    fileprivate static func associating(_ number: Int, title: String) throws -> Creation {
        var resource = Resource.learner(number)
        resource.attributes["title"] = .simple(.string(title))
        let validated = try Validation.validate(resource, set: .full)
        return Creation(
            resource: validated,
            id: .numbered(500),
            targetGroup: nil,
            now: .later,
            isManaged: true,
            associating: { _ in validated }
        )
    }
}

extension ArchivedResource {
    /// The n-th learner, as an archive has it.
    fileprivate static func learner(_ number: Int, title: String) throws -> ArchivedResource {
        var resource = Resource.learner(number)
        resource.externalID = nil
        resource.attributes["title"] = .simple(.string(title))
        return ArchivedResource(
            resource: try Validation.validate(resource, set: .full),
            id: .numbered(number),
            version: ResourceVersion(1),
            created: .later,
            lastModified: .later,
            owner: Viewer.payroll.connection,
            targetGroup: nil,
            externalIDs: [:],
            deletion: nil
        )
    }
}

extension Timestamp {
    fileprivate static let later = Timestamp(milliseconds: 1_764_000_002_000)
}
