import CloudProfiles
import Crypto
import Foundation
import SCIM
import Store
import Tenancy
import Testing
import Transfer

@testable import Gateway
@testable import Operations

@Suite("Learners at the desk")
struct LearnerDeskTests {
    private func order(_ names: [String], isDryRun: Bool = false) -> AdminMessages.Import {
        AdminMessages.Import(
            tenant: "acme",
            group: "staff",
            isDryRun: isDryRun,
            lines: names.enumerated().map { .init(line: $0 + 1, json: "{\"userName\":\"\($1)\"}") }
        )
    }

    @Test func `a dry run tells what the import then does`() async throws {
        try await withDesk { folder in
            let names = ["a@example.com", "no address", "b@example.com"]

            let dry = try await folder.desk.importUsers(order(names, isDryRun: true))
            let real = try await folder.desk.importUsers(order(names))
            let again = try await folder.desk.importUsers(order(names, isDryRun: true))

            #expect(dry.imported == 2 && dry.refused.map(\.line) == [2])
            #expect(real.imported == 2 && real.refused.map(\.attribute) == ["userName"])
            #expect(again.imported == 0 && again.present == 2)
        }
    }

    @Test func `lines of the limit come at once, and one more is refused`() async throws {
        try await withDesk { folder in
            let names = (1...TransferLimits.linesAtOnce).map { "u\($0)@example.com" }

            let imported = try await folder.desk.importUsers(order(names)).imported
            await #expect(throws: AdminMessages.Problem.self) {
                _ = try await folder.desk.importUsers(order(names + ["more@example.com"]))
            }

            #expect(imported == names.count)
        }
    }

    @Test func `an export shows one moment, however long its pages take`() async throws {
        try await withDesk { folder in
            _ = try await folder.desk.importUsers(order((1...300).map { "u\($0)@example.com" }))
            var export = AdminMessages.ExportUsers(tenant: "acme", form: "csv", selection: .init())

            let first = try await folder.desk.exportUsers(export)
            _ = try await folder.desk.importUsers(order(["late@example.com"]))
            (export.snapshot, export.after) = (first.snapshot, first.next)
            let second = try await folder.desk.exportUsers(export)

            #expect(first.count + second.count == 300 && second.snapshot == nil)
            #expect(first.text.hasPrefix("userName,active,") && !second.text.contains("late"))
        }
    }

    @Test
    func `an export that nobody reads on is let go, and its name opens nothing then, nor for another tenant`()
        async throws
    {
        try await withDesk { folder in
            _ = try await folder.desk.importUsers(order((1...300).map { "u\($0)@example.com" }))
            var export = AdminMessages.ExportUsers(tenant: "acme", form: "jsonl", selection: .init())
            export.snapshot = try await folder.desk.exportUsers(export).snapshot
            var other = AdminMessages.ExportTenant(tenant: "agency")
            other.snapshot = export.snapshot
            let stranger = other
            folder.clock.advance(milliseconds: SnapshotShelf.patience)
            await folder.core.snapshots.closeIdle(now: folder.clock.now)
            _ = try await folder.desk.exportUsers(export)

            await #expect(throws: AdminMessages.Problem.self) {
                _ = try await folder.desk.exportTenant(stranger)
            }
            export.snapshot = try await folder.desk.exportUsers(
                .init(tenant: "acme", form: "jsonl", selection: .init())
            ).snapshot
            folder.clock.advance(milliseconds: SnapshotShelf.patience + 1)
            await folder.core.snapshots.closeIdle(now: folder.clock.now)
            let late = export

            await #expect(throws: AdminMessages.Problem.self) { _ = try await folder.desk.exportUsers(late) }
        }
    }

    @Test func `so many exports run at once, and one more is refused until one ends`() async throws {
        try await withDesk { folder in
            _ = try await folder.desk.importUsers(order((1...300).map { "u\($0)@example.com" }))
            let export = AdminMessages.ExportUsers(tenant: "acme", form: "jsonl", selection: .init())
            var running: [AdminMessages.ExportedUsers] = []
            for _ in 0..<SnapshotShelf.limit { running.append(try await folder.desk.exportUsers(export)) }

            await #expect(throws: AdminMessages.Problem.self) {
                _ = try await folder.desk.exportUsers(export)
            }
            var last = export
            (last.snapshot, last.after) = (running[0].snapshot, running[0].next)
            _ = try await folder.desk.exportUsers(last)

            _ = try await folder.desk.exportUsers(export)
        }
    }

    @Test func `an export, and nothing of its values, is in the activity`() async throws {
        try await withDesk { folder in
            _ = try await folder.desk.importUsers(order(["a@example.com"]))
            _ = try await folder.desk.exportUsers(.init(tenant: "acme", form: "csv", selection: .init()))

            let rows = try await folder.desk.activity(.init(tenant: "acme", count: 10)).rows

            #expect(rows.map(\.kind) == ["user.created", "users.exported"])
            #expect(rows.allSatisfy { $0.actor == "operator:uid:0" })
        }
    }
}

@Suite("Tenants that leave, at the desk")
struct LeavingDeskTests {
    @Test func `a tenant is purged after its file is gone and that is taken up, and not before`() async throws
    {
        try await withDesk { folder in
            _ = try await folder.desk.users(.init(tenant: "acme", selection: .init(), count: 1))
            let order = AdminMessages.PurgeTenant(tenant: "acme", isDryRun: false)
            await #expect(throws: AdminMessages.Problem.self) { _ = try await folder.desk.purgeTenant(order) }
            try folder.remove("acme")
            await #expect(throws: AdminMessages.Problem.self) { _ = try await folder.desk.purgeTenant(order) }
            _ = await folder.core.reload()

            let foreseen = try await folder.desk.purgeTenant(.init(tenant: "acme", isDryRun: true))
            let isThere = FileManager.default.fileExists(atPath: folder.store(of: "acme"))
            let purged = try await folder.desk.purgeTenant(order)

            #expect(isThere && foreseen.files.map(\.path).contains(folder.store(of: "acme")))
            #expect(purged.files.count >= 1)
            #expect(!FileManager.default.fileExists(atPath: folder.store(of: "acme")))
            await #expect(throws: AdminMessages.Problem.self) { _ = try await folder.desk.purgeTenant(order) }
        }
    }

    @Test func `a purge is told though the tenant is gone, and one that was only tried is not`() async throws
    {
        try await withDesk { folder in
            _ = try await folder.desk.users(.init(tenant: "acme", selection: .init(), count: 1))
            try folder.remove("acme")
            _ = await folder.core.reload()
            _ = try await folder.desk.purgeTenant(.init(tenant: "acme", isDryRun: true))
            let before = await problem { try await folder.rows(of: "acme") }
            _ = try await folder.desk.purgeTenant(.init(tenant: "acme", isDryRun: false))

            let rows = try await folder.rows(of: "acme")

            #expect(before?.status == 404)
            #expect(rows.map(\.kind) == ["tenant.purged"] && rows[0].tenant == "acme")
            #expect(rows[0].actor == "operator:uid:0" && rows[0].explanation?.hasPrefix("Files: ") == true)
            #expect(try await folder.rows(of: nil).map(\.kind) == ["tenant.purged"])
            #expect(try await folder.rows(of: nil, onlyProblems: true).isEmpty)
        }
    }

    @Test func `checks and backups are told to the tenants whose stores they were, else aside`() async throws
    {
        try await withDesk { folder in
            for name in ["acme", "agency"] {
                _ = try await folder.desk.users(.init(tenant: name, selection: .init(), count: 1))
            }
            try folder.remove("agency")
            _ = await folder.core.reload(ReloadOrder(cause: .command, allowsRemovals: true, actor: "test"))

            _ = try await folder.desk.checkStores(.init(tenant: nil))
            _ = try await folder.desk.backUpStores(.init(folder: folder.fresh("backup"), tenant: nil))

            let kinds = ["store.checked", "store.backed_up"]
            #expect(try await folder.rows(of: "acme").map(\.kind) == kinds)
            #expect(
                try await folder.rows(of: "acme").allSatisfy { $0.explanation == nil && $0.number != nil }
            )
            #expect(try await folder.rows(of: "agency").map(\.kind) == kinds)
            let all = try await folder.rows(of: nil).map { "\($0.tenant) \($0.kind)" }
            #expect(
                all.filter { $0.hasPrefix("- ") }.sorted() == [
                    "- store.backed_up", "- store.backed_up", "- store.checked", "- store.checked",
                ]
            )
            #expect(Set(try await folder.rows(of: nil).map(\.id)).count == all.count)
        }
    }

    @Test(arguments: ["../acme", "", "A", "acme/../agency"])
    func `a name that no tenant can have is refused`(name: String) async throws {
        try await withDesk { folder in
            await #expect(throws: AdminMessages.Problem.self) {
                _ = try await folder.desk.purgeTenant(.init(tenant: name, isDryRun: false))
            }
        }
    }

    @Test func `an archive of one tenant is put into another of the same profile and groups, and no other`()
        async throws
    {
        let tenants = [
            "acme": DeskFolder.tenantText("acme"), "second": DeskFolder.tenantText("second"),
            "agency": DeskFolder.tenantText("agency", profile: "gcc-high"),
        ]
        try await withDesk(tenants: tenants) { folder in
            let learners = AdminMessages.Import(
                tenant: "acme",
                group: "staff",
                isDryRun: false,
                lines: [.init(line: 1, json: "{\"userName\":\"a@example.com\"}")]
            )
            _ = try await folder.desk.importUsers(learners)
            let archive = try await folder.archive(of: "acme")
            let lines = Array(archive.dropFirst())

            let order = AdminMessages.ImportTenant(
                tenant: "second",
                header: archive[0],
                isResumed: false,
                isDryRun: false,
                firstLine: 2,
                lines: lines
            )
            let imported = try await folder.desk.importTenant(order)

            #expect(imported.resources == 3 && imported.members == 1 && imported.connections.isEmpty)
            #expect(try await folder.archive(of: "second").dropFirst() == archive.dropFirst())
            var foreign = order
            foreign.tenant = "agency"
            let (refused, tooMuch) = (foreign, order.repeated(TransferLimits.linesAtOnce + 1))
            for order in [refused, tooMuch] {
                await #expect(throws: AdminMessages.Problem.self) {
                    _ = try await folder.desk.importTenant(order)
                }
            }
        }
    }

    @Test func `an import that is only checked counts, and refuses, what the import then stores and refuses`()
        async throws
    {
        let tenants = ["acme": DeskFolder.tenantText("acme"), "second": DeskFolder.tenantText("second")]
        try await withDesk(tenants: tenants) { folder in
            let learners = ["a", "b"].enumerated().map { number, name in
                AdminMessages.Import.Line(
                    line: number + 1,
                    json: "{\"userName\":\"\(name)@example.com\"}"
                )
            }
            _ = try await folder.desk.importUsers(
                .init(tenant: "acme", group: "staff", isDryRun: false, lines: learners)
            )
            let archive = try await folder.archive(of: "acme")
            let resources = archive.filter { $0.hasPrefix(#"{"kind":"resource""#) }
            try #require(resources.count == 4, "two groups and two learners")
            var order = AdminMessages.ImportTenant(
                tenant: "second",
                header: archive[0],
                isResumed: true,
                isDryRun: false,
                firstLine: 2
            )
            for (count, stored) in [(3, 3), (4, 1), (4, 0)] {
                order.lines = Array(resources.prefix(count))
                order.isDryRun = true
                let foreseen = try await folder.desk.importTenant(order)
                order.isDryRun = false
                let done = try await folder.desk.importTenant(order)

                #expect(foreseen.resources == stored && done.resources == stored)
            }
            order.lines = [resources[2].replacing("a@example.com", with: "c@example.com")]
            for isDryRun in [true, false] {
                order.isDryRun = isDryRun
                let refused = await #expect(throws: AdminMessages.Problem.self) {
                    _ = try await folder.desk.importTenant(order)
                }
                #expect(refused?.status == 409)
            }
        }
    }

    @Test func `a check tells a damaged store, and goes on with the others`() async throws {
        try await withDesk { folder in
            _ = try await folder.desk.users(.init(tenant: "agency", selection: .init(), count: 1))
            try FileManager.default.createDirectory(
                atPath: folder.fresh("data/commercial/tenants"),
                withIntermediateDirectories: true
            )
            try "no database at all, but long enough to be looked at".write(
                toFile: folder.store(of: "acme"),
                atomically: true,
                encoding: .utf8
            )

            let rows = try await folder.desk.checkStores(.init(tenant: nil))

            #expect(rows.map { $0.tenant ?? "control" } == ["control", "acme", "control", "agency"])
            #expect(rows.map(\.faults.isEmpty) == [true, false, true, true])
            let told = try await folder.rows(of: nil, onlyProblems: true, ofStores: false)
            #expect(told.map { "\($0.tenant) \($0.kind) \($0.outcome)" } == ["acme store.checked failed"])
        }
    }
}

extension DeskFolder {
    /// The activity as the command shows it, what waits included.
    ///
    /// Without `ofStores` only what is kept in the control databases.
    fileprivate func rows(of tenant: String?, onlyProblems: Bool = false, ofStores: Bool = true) async throws
        -> [AdminMessages.ActivityRow]
    {
        guard ofStores else {
            var rows: [AdminMessages.ActivityRow] = []
            for runtime in core.runtimes {
                rows += try await runtime.control.operatorEntries(newest: 100, of: nil)
                    .filter { !onlyProblems || $0.outcome.isProblem }
                    .map { .init($0, in: runtime.profile.name) { runtime.library.sha256($0) } }
            }
            return rows
        }
        _ = await core.storeActivity()
        return try await desk.activity(.init(tenant: tenant, onlyProblems: onlyProblems, count: 100)).rows
    }

    /// All lines of a tenant's archive but the last, which the command line adds.
    fileprivate func archive(of tenant: String) async throws -> [String] {
        var order = AdminMessages.ExportTenant(tenant: tenant)
        var lines: [String] = []
        repeat {
            let before = lines.count
            let page = try await desk.exportTenant(order)
            lines += page.text.split(separator: "\n").map(String.init)
            #expect(lines.count == before + page.count)
            (order.snapshot, order.place) = (page.snapshot, page.place)
        } while order.snapshot != nil
        return lines
    }
}

extension AdminMessages.ImportTenant {
    /// The same order with its last line so many times.
    fileprivate func repeated(_ count: Int) -> AdminMessages.ImportTenant {
        var order = self
        order.lines = Array(repeating: lines[lines.count - 1], count: count)
        return order
    }
}
