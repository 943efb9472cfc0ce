import CloudProfiles
import Dialects
import Gateway
import SCIM
import Store
import Tenancy

extension AdminMessages.ActivityRow {
    /// An entry as operators read it.
    init(_ entry: ActivityEntry, of tenant: Tenant.ID, _ ids: ActivityRowID) {
        let origin = entry.origin
        self.init(
            id: ids.id(of: entry),
            number: entry.number,
            time: entry.time.rfc3339,
            tenant: tenant.text,
            connection: origin.connection?.text,
            group: origin.targetGroup?.text,
            actor: origin.actor,
            tokenID: origin.tokenID?.text,
            kind: entry.kind.rawValue,
            operation: origin.operation,
            resourceType: entry.resource?.type.rawValue,
            resourceID: entry.resource?.id.text,
            changed: entry.changed.isEmpty ? nil : entry.changed,
            notes: entry.notes.isEmpty ? nil : entry.notes,
            outcome: entry.outcome.word,
            status: entry.status,
            scimType: entry.scimType,
            reason: entry.reason,
            explanation: entry.explanation,
            adviceCode: ActivityAdvice(on: entry)?.rawValue,
            milliseconds: entry.milliseconds,
            clientAddress: origin.clientAddress,
            network: origin.network?.rawValue,
            tlsVersion: origin.tlsVersion,
            httpVersion: origin.httpVersion,
            userAgent: origin.userAgent,
            quirks: origin.quirks.isEmpty ? nil : origin.quirks,
            userName: entry.userName,
            externalID: entry.externalID,
            requestID: origin.requestID,
            count: entry.count,
            previousHash: entry.previousHash.map(DigestText.digits)
        )
    }

    /// What an operator did where no tenant's store can tell it; `-` stands for the control database itself.
    init(_ entry: OperatorEntry, in profile: CloudProfile.Name, digest: @escaping ([UInt8]) -> [UInt8]) {
        self.init(
            id: ActivityRowID.id(of: entry, in: profile, digest: digest),
            time: entry.time.rfc3339,
            tenant: entry.tenant?.text ?? "-",
            actor: entry.actor,
            kind: entry.kind.rawValue,
            outcome: entry.outcome.word,
            explanation: entry.explanation,
            count: 1
        )
    }

    /// Counted requests as operators read them: at the time of the last.
    init(_ reads: ActivityReads, of tenant: Tenant, _ ids: ActivityRowID) {
        let connection = tenant.connections.first { $0.id == reads.connection }
        self.init(
            id: ids.id(of: reads),
            time: reads.last.rfc3339,
            tenant: tenant.id.text,
            connection: reads.connection.text,
            group: connection?.group?.text,
            actor: connection.map(\.clientActor) ?? Connection.unknownClientActor,
            kind: reads.kind.rawValue,
            outcome: ActivityOutcome.ok.word,
            count: reads.count
        )
    }
}
