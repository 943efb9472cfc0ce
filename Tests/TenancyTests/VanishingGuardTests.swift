import Configuration
import Testing

@testable import Tenancy

@Suite("The guard against tenants that vanish together")
struct VanishingGuardTests {
    @Test(
        arguments: [
            // Gone, serving: allowed, and one more is not.
            (1, 2), (1, 3), (1, 9), (2, 10), (2, 14), (3, 15), (2_000, 10_000),
        ]
    )
    func `one in five may go at once, and one alone unless it is the last`(_ gone: Int, _ serving: Int) {
        #expect(!VanishingGuard.isTripped(gone: gone, of: serving))
        #expect(VanishingGuard.isTripped(gone: gone + 1, of: serving))
    }

    @Test func `nothing gone is nothing to guard, and the only tenant is`() {
        #expect(!VanishingGuard.isTripped(gone: 0, of: 0))
        #expect(!VanishingGuard.isTripped(gone: 0, of: 1))
        #expect(VanishingGuard.isTripped(gone: 1, of: 1))
    }

    @Test func `an empty folder removes nobody, and tells it at the folder`() throws {
        let first = try load(["a", "b", "c"])

        let second = try load([], after: first)
        let third = try load([], after: second)

        for loaded in [second, third] {
            #expect(loaded.directories.tenants.map(\.id.text) == ["a", "b", "c"])
            #expect(loaded.change == DirectoryChange(held: ["a", "b", "c"].map { .init($0) }))
            #expect(
                loaded.findings.map(\.description) == [
                    "tenants: error: 3 of 3 tenants have no file here any more (a, b, c); so many at once are not "
                        + "removed, and all of them stay in force\n"
                        + "  fix: put the files back; if they are meant to go: scim-gateway reload --wait --allow-removals"
                ]
            )
            #expect(
                loaded.directories.standings.map { "\($0.file): \($0)" } == [
                    "a.yaml: file gone, generation 1 serves", "b.yaml: file gone, generation 1 serves",
                    "c.yaml: file gone, generation 1 serves",
                ]
            )
        }
    }

    @Test func `what is added and changed in the same load is taken up all the same`() throws {
        let first = try load(["a", "b", "c"])

        let second = try load(["a", "d"], paused: ["a"], after: first)

        #expect(second.directories.tenants.map(\.id.text) == ["a", "b", "c", "d"])
        #expect(second.directories.tenant(.init("a"))?.status == .paused)
        #expect(second.change.added == [.init("d")] && second.change.changed == [.init("a")])
        #expect(second.change.held == [.init("b"), .init("c")] && second.change.removed.isEmpty)
    }

    @Test func `files that come back are as they were, and a few that stay away may go then`() throws {
        let all = (0..<10).map { "t\($0)" }
        let first = try load(all)
        let second = try load(Array(all.prefix(7)), after: first)
        #expect(second.change.held.count == 3)

        let back = try load(all, after: second)
        let fewer = try load(Array(all.prefix(8)), after: second)

        #expect(back.change == DirectoryChange(unchanged: 10) && back.directories.standings.isEmpty)
        #expect(fewer.change == DirectoryChange(removed: [.init("t8"), .init("t9")], unchanged: 8))
    }

    @Test func `an operator who allows removals gets them`() throws {
        let first = try load(["a", "b", "c"])

        let second = try load([], after: first, allowsRemovals: true)

        #expect(second.directories.tenants.isEmpty && second.findings.isEmpty)
        #expect(second.change.removed == [.init("a"), .init("b"), .init("c")])
    }

    @Test func `files that turned bad are not gone`() throws {
        let first = try load(["a", "b", "c"])
        let bad = MemoryFiles(texts: ["tenants/a.yaml": "", "tenants/b.yaml": "", "tenants/c.yaml": ""])

        let second = TenantDirectoryLoading.load(try input(after: first), files: bad)

        #expect(second.change.kept == [.init("a"), .init("b"), .init("c")] && second.change.held.isEmpty)
        #expect(second.directories.standings.allSatisfy { $0.state == .refused && $0.generation == 1 })
    }

    @Test func `a held tenant's token is not a newcomer's`() throws {
        let token = "    tokens:\n" + Given.tokenText("aaaaaaaa")
        let texts = ["a": token, "b": ""].map { ("tenants/\($0).yaml", Given.tenantText($0, connection: $1)) }
        let first = TenantDirectoryLoading.load(
            try input(),
            files: MemoryFiles(texts: Dictionary(uniqueKeysWithValues: texts))
        )
        let newcomer = ["tenants/c.yaml": Given.tenantText("c", connection: token)]

        let second = TenantDirectoryLoading.load(
            try input(after: first),
            files: MemoryFiles(texts: newcomer)
        )

        #expect(second.directories.tenants.map(\.id.text) == ["a", "b"])
        #expect(second.change.refused == ["c.yaml"])
    }

    private func load(
        _ names: [String],
        paused: Set<String> = [],
        after loaded: TenantDirectoryLoading.Loaded? = nil,
        allowsRemovals: Bool = false
    ) throws -> TenantDirectoryLoading.Loaded {
        let texts = names.map { name in
            let more = paused.contains(name) ? "status: paused\n" : ""
            return ("tenants/\(name).yaml", Given.tenantText(name) + more)
        }
        var input = try input(after: loaded)
        input.allowsRemovals = allowsRemovals
        return TenantDirectoryLoading.load(
            input,
            files: MemoryFiles(texts: Dictionary(uniqueKeysWithValues: texts))
        )
    }

    private func input(after loaded: TenantDirectoryLoading.Loaded? = nil) throws
        -> TenantDirectoryLoading.Input
    {
        TenantDirectoryLoading.Input(
            settings: try Given.settings(),
            previous: loaded?.directories ?? .none,
            now: Given.now
        )
    }
}
