import CloudProfiles
import SCIM
import Store
import Tenancy

/// Decides what a finished request leaves in the activity of which tenant, beside the entries of its writes.
struct ActivityNoting: Sendable {
    /// The profile whose listener the request came through.
    let profile: ProfileRuntime
    /// The other profiles, whose tokens may have been shown at the wrong place.
    let others: [ProfileRuntime]

    /// Notes a request that has its answer.
    func note(_ record: RequestRecord, status: Int, ended: Timestamp) {
        if case .notAdmitted(let refusal) = record.refusal {
            noteStranger(refusal, record, status: status, ended: ended)
        } else if let scope = record.scope {
            note(record, of: scope, status: status, ended: ended)
        }
    }

    private func note(_ record: RequestRecord, of scope: TenantScope, status: Int, ended: Timestamp) {
        for entry in record.idleEntries(ended: ended) { profile.activity.add(entry, of: scope.tenant.id) }
        if let entry = record.refusalEntry(status: status, ended: ended) {
            profile.activity.add(entry, of: scope.tenant.id)
        } else if let kind = record.kind, kind.isCounted {
            guard let connection = scope.connection else { return }
            profile.activity.count(kind, through: connection.id, of: scope.tenant.id, at: ended)
        } else if let kind = record.kind {
            profile.activity.add(record.entry(kind, status: status, ended: ended), of: scope.tenant.id)
        }
    }

    /// Whether a token was refused that opens something in another cloud.
    func isOfAnotherCloud(_ refusal: Refusal) -> Bool {
        guard case .notAdmitted(.unauthorized(.unknownToken, let claim)) = refusal, let id = claim.tokenID
        else {
            return false
        }
        return others.contains { $0.directory.token(id) != nil }
    }

    /// A token that opens nothing is told to the tenant whose id it bears, if there is one.
    private func noteStranger(
        _ refusal: AdmissionRefusal,
        _ record: RequestRecord,
        status: Int,
        ended: Timestamp
    ) {
        guard let id = refusal.claim.tokenID else { return }
        if let tenant = refusal.claim.tenant {
            let text = refusal.explanation(from: record.clientAddress)
            let entry = record.strangerEntry(status: status, ended: ended, explaining: text)
            return profile.activity.add(stranger: entry, of: tenant)
        }
        for other in others {
            guard let owner = other.directory.token(id) else { continue }
            let text = AdmissionRefusal.explanationOfWrongCloud(
                id,
                own: other.profile.name,
                asked: profile.profile.name
            )
            var entry = record.strangerEntry(status: status, ended: ended, explaining: text)
            entry.reason = "wrong_cloud"
            entry.origin.connection = owner.connection.id
            return other.activity.add(stranger: entry, of: owner.tenant.id)
        }
    }
}
