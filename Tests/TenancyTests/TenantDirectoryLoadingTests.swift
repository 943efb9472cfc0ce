import CloudProfiles
import Configuration
import Dialects
import SCIM
import Testing

@testable import Tenancy

@Suite("From files and control databases to directories")
struct TenantDirectoryLoadingTests {
    @Test func `each profile has the tenants and tokens of its own files`() throws {
        let loaded = try load([
            "a.yaml": Given.tenantText("a", connection: "    tokens:\n" + Given.tokenText("aaaaaaaa")),
            "b.yaml": Given.tenantText(
                "b",
                profile: "gcc-high",
                connection: "    tokens:\n" + Given.tokenText("bbbbbbbb", ", expires: 2027-01-01")
            ),
        ])

        #expect(loaded.findings.isEmpty)
        #expect(loaded.fileCount == 2)
        #expect(loaded.directories.generation == 1)
        #expect(Set(loaded.directories.byProfile.keys) == [.commercial, .gccHigh])
        #expect(loaded.directories[.commercial]?.tenants.keys.map(\.text) == ["a"])
        #expect(loaded.directories[.commercial]?.tokens.keys.map(\.text) == ["aaaaaaaa"])
        #expect(loaded.directories[.gccHigh]?.tokens.keys.map(\.text) == ["bbbbbbbb"])
        #expect(loaded.directories.profile(of: try #require(AccessToken.ID("bbbbbbbb"))) == .gccHigh)
        #expect(loaded.directories.tenant(.init("b"))?.profile == .gccHigh)
        #expect(loaded.change == DirectoryChange(added: [.init("a"), .init("b")]))
    }

    @Test func `one bad file does not stop the others`() throws {
        let loaded = try load([
            "a.yaml": Given.tenantText("a"), "b.yaml": "version: 1\n\tx", "c.yaml": Given.tenantText("c"),
        ])

        #expect(names(loaded) == ["a", "c"])
        #expect(loaded.findings.map(\.place.file) == ["tenants/b.yaml"])
        #expect(loaded.change.refused == ["b.yaml"])
    }

    @Test func `files that are not meant are not read`() throws {
        let loaded = try load([
            "_example.yaml": "x", ".a.yaml.swp": "x", ".hidden.yaml": "x", "README": "x", "a.yml": "x",
        ])

        #expect(
            loaded.findings.map(\.description) == [
                "tenants/a.yml: warning: this file is not read\n  fix: name it *.yaml"
            ]
        )
        #expect(loaded.fileCount == 0)
    }

    @Test func `a file that cannot be read is told, and the others go on`() throws {
        var files = MemoryFiles(texts: ["tenants/a.yaml": "", "tenants/b.yaml": Given.tenantText("b")])
        files.unreadable = ["tenants/a.yaml"]

        let loaded = TenantDirectoryLoading.load(try input(), files: files)

        #expect(names(loaded) == ["b"])
        #expect(loaded.findings.map(\.description) == ["tenants/a.yaml: error: permission denied"])
    }

    @Test func `the later of two files with one token id is refused`() throws {
        let token = "    tokens:\n" + Given.tokenText("aaaaaaaa")

        let loaded = try load([
            "b.yaml": Given.tenantText("b", connection: token),
            "a.yaml": Given.tenantText("a", connection: token),
        ])

        #expect(names(loaded) == ["a"])
        #expect(
            loaded.findings.map(\.message)
                == ["token id 'aaaaaaaa' is already used by tenant a (tenants/a.yaml:11:14)"]
        )
    }

    @Test func `a tenant of a profile without a listener is refused`() throws {
        let loaded = try load(["a.yaml": Given.tenantText("a", profile: "dod")])

        #expect(names(loaded).isEmpty)
        #expect(loaded.findings.map(\.place.description) == ["tenants/a.yaml:3:10"])
        #expect(
            loaded.findings[0].fix == "use one of: commercial, gcc-high; or add a listener to gateway.yaml"
        )
    }

    @Test func `a tenant whose learners are stored under another profile is refused`() throws {
        var input = try input()
        input.stores = [.init("a"): [.gccHigh], .init("b"): [.commercial]]

        let loaded = TenantDirectoryLoading.load(
            input,
            files: memory(["a.yaml": Given.tenantText("a"), "b.yaml": Given.tenantText("b")])
        )

        #expect(names(loaded) == ["b"])
        #expect(loaded.findings.map(\.message) == ["the learners of 'a' are stored under gcc-high"])
    }

    @Test func `a folder that cannot be read leaves what was read before`() throws {
        let first = try load(["a.yaml": Given.tenantText("a")])
        var files = MemoryFiles()
        files.unreadable = ["tenants"]

        let second = TenantDirectoryLoading.load(try input(after: first), files: files)

        #expect(names(second) == ["a"])
        #expect(second.findings.map(\.place.file) == ["tenants"])
        #expect(names(TenantDirectoryLoading.load(try input(), files: files)).isEmpty)
    }
}

@Suite("Reload: what a changed folder does to what serves")
struct TenantReloadTests {
    private let token = "    tokens:\n" + Given.tokenText("aaaaaaaa")

    @Test func `added, changed, removed and unchanged are told apart`() throws {
        let first = try load([
            "a.yaml": Given.tenantText("a"), "b.yaml": Given.tenantText("b"), "c.yaml": Given.tenantText("c"),
        ])

        let second = try load(
            [
                "a.yaml": Given.tenantText("a"), "b.yaml": Given.tenantText("b") + "status: paused\n",
                "d.yaml": Given.tenantText("d"),
            ],
            after: first
        )

        #expect(
            second.change
                == DirectoryChange(
                    added: [.init("d")],
                    changed: [.init("b")],
                    removed: [.init("c")],
                    unchanged: 1
                )
        )
        #expect(names(second) == ["a", "b", "d"])
        #expect(second.directories.generation == 2)
        #expect(second.directories.tenant(.init("b"))?.status == .paused)
    }

    @Test(arguments: ["", "version: 1\n\tx", "version: 1\ntenant: other\nprofile: commercial\n"])
    func `a file that turned bad stays in force as it was`(_ bad: String) throws {
        let first = try load(["a.yaml": Given.tenantText("a", connection: token)])

        let second = try load(["a.yaml": bad], after: first)
        let third = try load(["a.yaml": bad], after: second)
        let fourth = try load(["a.yaml": Given.tenantText("a")], after: third)

        for loaded in [second, third] {
            #expect(names(loaded) == ["a"])
            #expect(loaded.directories[.commercial]?.tokens.count == 1)
            #expect(loaded.change.kept == [.init("a")])
            #expect(loaded.findings.contains { $0.severity == .error })
            #expect(
                loaded.findings.map(\.description).contains(
                    "tenants/a.yaml: warning: this file is not applied; "
                        + "as it was read before, it stays in force"
                )
            )
        }
        #expect(fourth.findings.isEmpty)
        #expect(fourth.directories[.commercial]?.tokens.isEmpty == true)
    }

    @Test func `a new file that claims a serving tenant's token is the one that is refused`() throws {
        let first = try load(["z.yaml": Given.tenantText("z", connection: token)])
        let files = ["a.yaml": Given.tenantText("a", connection: token)]

        let unchanged = try load(
            files.merging(["z.yaml": Given.tenantText("z", connection: token)]) { $1 },
            after: first
        )
        let changed = try load(
            files.merging(["z.yaml": Given.tenantText("z", connection: token) + "status: paused\n"]) { $1 },
            after: first
        )
        let broken = try load(files.merging(["z.yaml": "x"]) { $1 }, after: first)

        for loaded in [unchanged, changed, broken] {
            #expect(names(loaded) == ["z"])
            #expect(loaded.change.refused == ["a.yaml"])
        }
        #expect(changed.directories.tenant(.init("z"))?.status == .paused)
    }

    @Test func `a token may move from one file to another`() throws {
        let with = { Given.tenantText($0, connection: token) }
        let first = try load(["a.yaml": Given.tenantText("a"), "b.yaml": with("b")])

        let second = try load(["a.yaml": with("a"), "b.yaml": Given.tenantText("b")], after: first)

        #expect(second.findings.isEmpty)
        #expect(second.directories[.commercial]?.tokens.values.map(\.tenant.id.text) == ["a"])
    }

    @Test func `warnings of an unchanged file are told again`() throws {
        let files = ["a.yaml": Given.tenantText("a"), "b.yml": ""]
        let first = try load(files)

        #expect(try load(files, after: first).findings == first.findings)
    }

    @Test func `new default limits reach tenants whose files did not change`() throws {
        let first = try load(["a.yaml": Given.tenantText("a")])
        var input = try input(after: first)
        input.settings = try Given.settings(Given.gatewayText + "\nlimits: {burst: 5}\n")

        let second = TenantDirectoryLoading.load(input, files: memory(["a.yaml": Given.tenantText("a")]))

        #expect(second.directories.tenant(.init("a"))?.limits.burst == 5)
    }
}

@Suite("Connections and tokens of the control database")
struct ControlMergingTests {
    @Test func `they join those of the files`() throws {
        let loaded = try load(
            ["a.yaml": Given.tenantText("a", connection: "    tokens:\n" + Given.tokenText("aaaaaaaa"))],
            ControlContents(
                connections: [try made("extra", in: "a")],
                tokens: [try token("bbbbbbbb", "a", "extra"), try token("cccccccc", "a", "main")]
            )
        )

        #expect(loaded.findings.isEmpty)
        let directory = try #require(loaded.directories[.commercial])
        #expect(directory.tenant(.init("a"))?.connections.map(\.id.text) == ["main", "extra"])
        #expect(
            directory.tokens(of: .init("main"), in: .init("a")).map(\.id.text) == ["aaaaaaaa", "cccccccc"]
        )
        #expect(directory.tokens(of: .init("extra"), in: .init("a")).map(\.id.text) == ["bbbbbbbb"])
    }

    @Test func `a connection without its tenant or group is told and opens nothing`() throws {
        let loaded = try load(
            ["a.yaml": Given.tenantText("a")],
            ControlContents(
                connections: [try made("one", in: "gone"), try made("two", in: "a", group: "gone")],
                tokens: [try token("bbbbbbbb", "gone", "one"), try token("cccccccc", "a", "two")]
            )
        )

        #expect(
            loaded.findings.map { "\($0.place): \($0.severity.rawValue): \($0.message)" }.sorted() == [
                "/data/commercial/control.sqlite: error: connection 'two' of tenant 'a' names group 'gone', "
                    + "which is not in its file any more",
                "/data/commercial/control.sqlite: warning: connection 'one' belongs to tenant 'gone', "
                    + "which no file declares",
            ]
        )
        #expect(loaded.directories[.commercial]?.tokens.isEmpty == true)
        #expect(loaded.directories.tenant(.init("a"))?.connections.map(\.id.text) == ["main"])
    }

    @Test func `a connection that a file declares, too, is the file's, and keeps its tokens`() throws {
        let loaded = try load(
            ["a.yaml": Given.tenantText("a")],
            ControlContents(
                connections: [try made("main", in: "a")],
                tokens: [try token("bbbbbbbb", "a", "main")]
            )
        )

        #expect(loaded.findings.map(\.severity) == [.warning])
        #expect(loaded.directories.tenant(.init("a"))?.connections.map(\.origin) == [.file])
        #expect(loaded.directories[.commercial]?.tokens.count == 1)
    }

    @Test func `a token id of both is the database's`() throws {
        let loaded = try load(
            ["a.yaml": Given.tenantText("a", connection: "    tokens:\n" + Given.tokenText("aaaaaaaa"))],
            ControlContents(tokens: [try token("aaaaaaaa", "a", "main")])
        )

        #expect(loaded.findings.map(\.message) == ["token id 'aaaaaaaa' is already in the control database"])
        #expect(loaded.directories[.commercial]?.tokens.values.map(\.record.origin) == [.control])
    }

    @Test func `two live tokens of a connection are admitted over both, a third is not`() throws {
        let file = [
            "a.yaml": Given.tenantText("a", connection: "    tokens:\n" + Given.tokenText("aaaaaaaa"))
        ]
        let two = [
            try token("bbbbbbbb", "a", "main"), try token("cccccccc", "a", "main", revoked: Given.now),
        ]
        let three = two + [try token("dddddddd", "a", "main")]

        let allowed = try load(file, ControlContents(tokens: two))
        let excess = try load(file, ControlContents(tokens: three))

        #expect(allowed.findings.isEmpty)
        #expect(allowed.directories[.commercial]?.tokens.count == 3)
        #expect(
            excess.findings.map(\.message) == [
                "token 'aaaaaaaa' is refused: connection 'main' of tenant 'a' has 2 live tokens already"
            ]
        )
        #expect(
            excess.directories[.commercial]?.tokens.keys.map(\.text).sorted() == [
                "bbbbbbbb", "cccccccc", "dddddddd",
            ]
        )
    }

    @Test func `a change of the database needs no file to be read`() throws {
        let first = try load(["a.yaml": Given.tenantText("a")], ControlContents())
        var input = try input(after: first)
        input.control = [.commercial: ControlContents(tokens: [try token("bbbbbbbb", "a", "main")])]

        let merged = TenantDirectoryLoading.merge(input)

        #expect(merged.directories.generation == 2)
        #expect(merged.directories[.commercial]?.tokens.count == 1)
        #expect(merged.change == DirectoryChange(unchanged: 1))
    }

    @Test func `the uses of a token survive a reload, unless another secret has its id`() throws {
        let file = { (byte: UInt8) in
            let digest = [UInt8](repeating: byte, count: 32)
            return [
                "a.yaml": Given.tenantText(
                    "a",
                    connection: "    tokens:\n" + Given.tokenText("aaaaaaaa", digest: digest)
                )
            ]
        }
        let kept = TokenUseRecord(first: Given.now, last: Given.now, network: nil, client: "A/1")
        let id = try #require(AccessToken.ID("aaaaaaaa"))

        let first = try load(file(7), ControlContents(uses: [id: kept]))
        let use = try #require(first.directories[.commercial]?.token(id)?.life.use)
        _ = use.note(at: Given.days(1), from: nil, client: "B/1")
        let second = TenantDirectoryLoading.load(try input(after: first), files: memory(file(7)))
        let third = TenantDirectoryLoading.load(try input(after: second), files: memory(file(8)))

        #expect(use.record?.first == Given.now && use.record?.client == "B/1")
        #expect(second.directories[.commercial]?.token(id)?.life.use === use)
        #expect(third.directories[.commercial]?.token(id)?.life.use !== use)
    }

    @Test
    func
        `a successor's first use ends a token of the file, also after a restart, and makes room for a third`()
        throws
    {
        let file = [
            "a.yaml": Given.tenantText("a", connection: "    tokens:\n" + Given.tokenText("aaaaaaaa"))
        ]
        let old = try #require(AccessToken.ID("aaaaaaaa"))
        let new = try token(
            "bbbbbbbb",
            "a",
            "main",
            replacement: .init(of: old, overlapMilliseconds: 86_400_000)
        )
        let used = TokenUseRecord(first: Given.days(-1), last: Given.now, network: nil, client: nil)

        let waiting = try load(file, ControlContents(tokens: [new]))
        let after = try load(
            file,
            ControlContents(tokens: [new, try token("cccccccc", "a", "main")], uses: [new.id: used])
        )

        #expect(waiting.directories[.commercial]?.token(old)?.life.end == nil)
        #expect(after.findings.isEmpty)
        #expect(after.directories[.commercial]?.token(old)?.life.state(at: Given.now) == .replaced)
        #expect(after.directories[.commercial]?.tokens.count == 3)
    }

    @Test func `a token of another connection steps in nobody's place`() throws {
        let old = try token("aaaaaaaa", "a", "main")
        let new = try token("bbbbbbbb", "a", "extra", replacement: .init(of: old.id, overlapMilliseconds: 0))
        let used = TokenUseRecord(first: Given.days(-1), last: Given.now, network: nil, client: nil)

        let loaded = try load(
            ["a.yaml": Given.tenantText("a")],
            ControlContents(
                connections: [try made("extra", in: "a")],
                tokens: [old, new],
                uses: [new.id: used]
            )
        )

        #expect(loaded.directories[.commercial]?.token(old.id)?.life.end == nil)
    }

    @Test func `a database of one profile opens nothing in another`() throws {
        let contents = ControlContents(tokens: [try token("bbbbbbbb", "a", "main")])
        var input = try input()
        input.control = [.gccHigh: contents]

        let loaded = TenantDirectoryLoading.load(input, files: memory(["a.yaml": Given.tenantText("a")]))

        #expect(loaded.directories.byProfile.values.allSatisfy { $0.tokens.isEmpty })
    }

    private func load(_ files: [String: String], _ contents: ControlContents) throws
        -> TenantDirectoryLoading.Loaded
    {
        var input = try input()
        input.control = [.commercial: contents]
        return TenantDirectoryLoading.load(input, files: memory(files))
    }

    private func made(
        _ name: String,
        in tenant: String,
        group: String = "all"
    ) throws -> ControlContents.MadeConnection {
        let connection = Connection(
            id: .init(name),
            displayName: name,
            group: .init(group),
            dialect: .named(.entra),
            attributes: .learner,
            origin: .control
        )
        return .init(tenant: .init(tenant), connection: connection, created: Given.now)
    }

    private func token(
        _ id: String,
        _ tenant: String,
        _ connection: String,
        revoked: Timestamp? = nil,
        replacement: TokenRecord.Replacement? = nil
    ) throws -> TokenRecord {
        TokenRecord(
            id: try #require(AccessToken.ID(id)),
            digest: Array(repeating: 1, count: 32),
            tenant: .init(tenant),
            connection: .init(connection),
            created: Given.now,
            expires: nil,
            revoked: revoked,
            origin: .control,
            replacement: replacement
        )
    }
}

private func memory(_ files: [String: String]) -> MemoryFiles {
    MemoryFiles(texts: Dictionary(uniqueKeysWithValues: files.map { ("tenants/\($0.key)", $0.value) }))
}

private func input(after loaded: TenantDirectoryLoading.Loaded? = nil) throws -> TenantDirectoryLoading.Input
{
    TenantDirectoryLoading.Input(
        settings: try Given.settings(),
        previous: loaded?.directories ?? .none,
        now: Given.now
    )
}

private func load(
    _ files: [String: String],
    after loaded: TenantDirectoryLoading.Loaded? = nil
) throws -> TenantDirectoryLoading.Loaded {
    TenantDirectoryLoading.load(try input(after: loaded), files: memory(files))
}

private func names(_ loaded: TenantDirectoryLoading.Loaded) -> [String] {
    loaded.directories.tenants.map(\.id.text)
}
