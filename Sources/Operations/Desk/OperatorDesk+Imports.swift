import CloudProfiles
import Crypto
import Gateway
import SCIM
import Store
import Tenancy
import Transfer

extension OperatorDesk {
    /// Makes unmanaged learners of lines of a file.
    ///
    /// They join a target group, and a connection that provisions the same `userName` later associates them. A learner who is
    /// there already with the line's values is counted and left alone, so that an import can be repeated; one with other
    /// values is refused.
    ///
    /// - Throws: a problem when the tenant or group is wrong. A single bad line is reported, not thrown.
    package func importUsers(_ order: AdminMessages.Import) async throws(AdminMessages.Problem)
        -> AdminMessages.Imported
    {
        guard order.lines.count <= TransferLimits.linesAtOnce else {
            throw .invalid("at most \(TransferLimits.linesAtOnce) lines come at once")
        }
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let group = try Self.group(order.group, of: tenant)
        let store = try await store(of: tenant, runtime)
        let importing = UserImport(store: store, group: group.id, runtime: runtime, origin: origin)
        return try await Self.asking { () async throws(StoreError) in
            try await importing.importing(order.lines, isDryRun: order.isDryRun)
        }
    }
}

/// The import of some lines into one tenant's store.
private struct UserImport {
    let store: any TenantStore
    let group: TargetGroup.ID
    let runtime: ProfileRuntime
    let origin: ActivityOrigin

    /// Checks all, makes those that are new unless it is a dry run, and tells of the rest.
    func importing(_ lines: [AdminMessages.Import.Line], isDryRun: Bool) async throws(StoreError)
        -> AdminMessages.Imported
    {
        var result = AdminMessages.Imported()
        var checked: [(line: Int, learner: ValidatedResource)] = []
        for line in lines {
            do throws(RefusedLine) {
                checked.append((line.line, try Self.checked(line)))
            } catch {
                result.refused.append(.init(error))
            }
        }
        let refusals: [StoreError?] =
            isDryRun
            ? Array(repeating: .userNameTaken, count: checked.count)
            : await store.load(checked.map { creation($0.learner) }, for: .nobody)
        for ((line, learner), refusal) in zip(checked, refusals) {
            guard let refusal else {
                result.imported += 1
                continue
            }
            guard case .userNameTaken = refusal else {
                result.refused.append(
                    .init(line: line, attribute: nil, reason: "The store refused: \(refusal.operatorText).")
                )
                continue
            }
            try await tell(line, learner, in: &result)
        }
        result.refused.sort { $0.line < $1.line }
        return result
    }

    /// What becomes of a learner whose `userName` somebody has, or may have.
    private func tell(_ line: Int, _ learner: ValidatedResource, in result: inout AdminMessages.Imported)
        async throws(StoreError)
    {
        guard let existing = try await existing(learner) else {
            result.imported += 1
            return
        }
        guard !existing.holds(learner.resource) else {
            result.present += 1
            return
        }
        result.refused.append(
            .init(
                line: line,
                attribute: "userName",
                reason: "Learner \(existing.id) has this userName and other values; an import changes nobody."
            )
        )
    }

    private func existing(_ learner: ValidatedResource) async throws(StoreError) -> StoredResource? {
        let name = learner.resource.attributes.string("userName") ?? ""
        guard let query = RosterQuery(.living, where: "userName", is: name) else { return nil }
        let search = StoreQuery(type: .user, filter: query.filter, offset: 0, count: 1)
        return try await store.search(search, for: query.viewer).resources.first
    }

    private static func checked(_ line: AdminMessages.Import.Line) throws(RefusedLine) -> ValidatedResource {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(Array(line.json.utf8))
        } catch {
            throw RefusedLine(line: line.line, attribute: nil, reason: "The line is no JSON.")
        }
        guard case .object(let object) = json else {
            throw RefusedLine(line: line.line, attribute: nil, reason: "The line must be a JSON object.")
        }
        return try LearnerLine(number: line.line, json: object).checked().learner
    }

    private func creation(_ learner: ValidatedResource) -> Creation {
        var creation = Creation(
            resource: learner,
            id: ResourceID(runtime.library.randomUUID()),
            targetGroup: group,
            now: runtime.now(),
            isManaged: false,
            associating: nil
        )
        creation.origin = origin
        return creation
    }
}

extension StoredResource {
    /// Whether every value of another resource is here as well.
    fileprivate func holds(_ other: Resource) -> Bool {
        // A document that cannot be read holds nothing.
        guard let own = try? resource() else { return false }
        return other.attributes.entries.allSatisfy { own.attributes[$0.name] == $0.value }
            && other.enterprise.entries.allSatisfy { own.enterprise[$0.name] == $0.value }
    }
}

extension AdminMessages.RefusedLine {
    fileprivate init(_ refused: RefusedLine) {
        self.init(line: refused.line, attribute: refused.attribute, reason: refused.reason)
    }
}
