import Configuration
import Testing

@testable import Tenancy

@Suite("Files that are not in force as they are on disk")
struct FileStandingTests {
    @Test func `a file cut at any byte stays as it was or is taken as it is, and the others serve`() throws {
        let whole = Given.tenantText("a", connection: token) + "status: paused\n"
        let first = try load(["a.yaml": whole, "b.yaml": Given.tenantText("b")])

        for count in 0..<whole.utf8.count {
            let cut = String(decoding: whole.utf8.prefix(count), as: UTF8.self)
            let loaded = try load(["a.yaml": cut, "b.yaml": Given.tenantText("b")], after: first)

            #expect(loaded.directories.tenants.map(\.id.text) == ["a", "b"], "\(count)")
            let isRefused = loaded.findings.contains { $0.severity == .error }
            #expect(loaded.change.kept == (isRefused ? [.init("a")] : []), "\(count)")
            let status = loaded.directories.tenant(.init("a"))?.status
            #expect(!isRefused || status == .paused, "\(count)")
        }
    }

    @Test func `what was found in files is still known after a change of a control database`() throws {
        let first = try load(["a.yaml": Given.tenantText("a"), "b.yaml": Given.tenantText("b")])
        let second = try load(["a.yaml": Given.tenantText("a"), "b.yaml": "", "c.yaml": ""], after: first)

        let merged = TenantDirectoryLoading.merge(try input(after: second))

        #expect(merged.findings == second.findings && !merged.findings.isEmpty)
        #expect(
            merged.directories.standings.map { "\($0.file): \($0)" } == [
                "b.yaml: file refused, generation 1 serves", "c.yaml: file refused, nothing serves",
            ]
        )
    }

    @Test func `a file is known by the generation that its version came with`() throws {
        let first = try load(["a.yaml": Given.tenantText("a"), "b.yaml": Given.tenantText("b")])
        let second = try load(
            ["a.yaml": Given.tenantText("a") + "status: paused\n", "b.yaml": Given.tenantText("b")],
            after: first
        )

        let third = try load(["a.yaml": "", "b.yaml": ""], after: second)

        #expect(third.directories.standings.map(\.generation) == [2, 1])
    }

    private let token = "    tokens:\n" + Given.tokenText("aaaaaaaa")

    private func load(_ files: [String: String], after loaded: TenantDirectoryLoading.Loaded? = nil) throws
        -> TenantDirectoryLoading.Loaded
    {
        let texts = files.map { ("tenants/\($0.key)", $0.value) }
        return TenantDirectoryLoading.load(
            try input(after: loaded),
            files: MemoryFiles(texts: Dictionary(uniqueKeysWithValues: texts))
        )
    }

    private func input(after loaded: TenantDirectoryLoading.Loaded?) throws -> TenantDirectoryLoading.Input {
        TenantDirectoryLoading.Input(
            settings: try Given.settings(),
            previous: loaded?.directories ?? .none,
            now: Given.now
        )
    }
}
