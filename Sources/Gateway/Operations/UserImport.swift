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
        let refused = await importRows(table.rows, into: store, group: group.id, runtime)
        return AdminMessages.Imported(
            imported: table.rows.count - refused.count,
            refused: refused.sorted { $0.line < $1.line }
        )
    }

    /// Writes the rows, many in flight so that they share commits.
    ///
    /// Gives the lines that were refused.
    private func importRows(
        _ rows: [CSVTable.Row],
        into store: any TenantStore,
        group: TargetGroup.ID,
        _ runtime: ProfileRuntime
    ) async -> [AdminMessages.RefusedLine] {
        await withTaskGroup(of: AdminMessages.RefusedLine?.self) { tasks in
            var refused: [AdminMessages.RefusedLine] = []
            for (index, row) in rows.enumerated() {
                if index >= Self.rowsInFlight, let done = await tasks.next(), let line = done {
                    refused.append(line)
                }
                let id = ResourceID(runtime.library.randomUUID())
                tasks.addTask { await Self.importRow(row, id, into: store, group: group, now: runtime.now()) }
            }
            for await done in tasks {
                if let line = done { refused.append(line) }
            }
            return refused
        }
    }

    /// Writes one row; gives the line and reason when it is refused.
    private static func importRow(
        _ row: CSVTable.Row,
        _ id: ResourceID,
        into store: any TenantStore,
        group: TargetGroup.ID,
        now: Timestamp
    ) async -> AdminMessages.RefusedLine? {
        do throws(SCIMError) {
            let resource = try Validation.validate(learner(row.values), set: .learner)
            let creation = Creation(
                resource: resource,
                id: id,
                targetGroup: group,
                now: now,
                isManaged: false,
                associating: nil
            )
            do throws(StoreError) {
                _ = try await store.create(creation, for: Viewer(connection: nil, attributeSet: .learner))
                return nil
            } catch {
                return AdminMessages.RefusedLine(line: row.line, reason: error.operatorText)
            }
        } catch {
            return AdminMessages.RefusedLine(line: row.line, reason: error.detail)
        }
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

    /// Rows in flight at once: a whole group commit, no more.
    private static let rowsInFlight = 64
}
