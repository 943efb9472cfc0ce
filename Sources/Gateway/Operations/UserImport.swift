import Crypto
import SCIM
import SCIMEngine
import Store
import Tenancy

extension OperatorDesk {
    /// Makes unmanaged learners of a CSV: `userName,givenName,familyName`.
    ///
    /// They join a target group, and a connection that provisions the same `userName` later associates
    /// them.
    ///
    /// - Throws: a problem when the tenant, group or header is wrong. A single bad line is reported, not thrown.
    package func importUsers(_ order: AdminMessages.Import) async throws(AdminMessages.Problem)
        -> AdminMessages.Imported
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let group = try Self.group(order.group, of: tenant)
        let table: CSVTable
        do throws(CSVTable.Damage) {
            table = try CSVTable(order.csv, columns: ["userName", "givenName", "familyName"])
        } catch {
            throw .invalid("line \(error.line): \(error.reason)")
        }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: actor)
        let store = try await Self.asking { () async throws(StoreError) in
            try await runtime.stores.store(for: scope)
        }
        var refused: [AdminMessages.RefusedLine] = []
        var rest = table.rows[...]
        while !rest.isEmpty {
            refused += await Self.load(rest.prefix(Self.rowsAtOnce), into: store, group: group.id, runtime)
            rest = rest.dropFirst(Self.rowsAtOnce)
        }
        return AdminMessages.Imported(
            imported: table.rows.count - refused.count,
            refused: refused.sorted { $0.line < $1.line }
        )
    }

    /// Checks and writes some rows; gives those that were refused.
    private static func load(
        _ rows: ArraySlice<CSVTable.Row>,
        into store: any TenantStore,
        group: TargetGroup.ID,
        _ runtime: ProfileRuntime
    ) async -> [AdminMessages.RefusedLine] {
        let now = runtime.now()
        var refused: [AdminMessages.RefusedLine] = []
        var lines: [Int] = []
        var creations: [Creation] = []
        for row in rows {
            do throws(SCIMError) {
                let creation = Creation(
                    resource: try Validation.validate(learner(row.values), set: .learner),
                    id: ResourceID(runtime.library.randomUUID()),
                    targetGroup: group,
                    now: now,
                    isManaged: false,
                    associating: nil
                )
                lines.append(row.line)
                creations.append(creation)
            } catch {
                refused.append(.init(line: row.line, reason: error.detail))
            }
        }
        for (line, refusal) in zip(lines, await store.load(creations, for: .nobody)) {
            if let refusal { refused.append(.init(line: line, reason: refusal.operatorText)) }
        }
        return refused
    }

    /// The learner that a row describes; empty fields are no value.
    private static func learner(_ values: [String]) -> Resource {
        var name = ComplexValue()
        if !values[1].isEmpty { name["givenName"] = .simple(.string(values[1])) }
        if !values[2].isEmpty { name["familyName"] = .simple(.string(values[2])) }
        var attributes = ComplexValue()
        attributes["userName"] = .simple(.string(values[0]))
        if !name.isEmpty { attributes["name"] = .complex(name) }
        attributes["active"] = .simple(.boolean(true))
        return Resource(type: .user, attributes: attributes)
    }

    /// Rows in the works at once: enough for several commits, and about 5 MiB.
    private static let rowsAtOnce = 2_000
}
