import CloudProfiles
import Dialects
import HTTPTypes
import SCIM
import Store
import Tenancy

extension RequestRecord {
    /// Who is to be told for what the request does.
    var origin: ActivityOrigin {
        var origin = ActivityOrigin(actor: actor)
        origin.connection = scope?.connection?.id ?? claim?.connection
        origin.targetGroup = scope?.connection?.group
        origin.tokenID = scope?.tokenID ?? claim?.tokenID
        origin.requestID = requestID.text
        origin.operation = "\(method) \(route)"
        origin.clientAddress = clientAddress
        origin.httpVersion = httpVersion
        origin.tlsVersion = tlsVersion
        origin.network = network
        origin.userAgent = client
        origin.quirks = quirks.map(\.rawValue)
        return origin
    }

    /// The client by its dialect, or who tries the connection with a pass.
    private var actor: String {
        scope?.operatorName ?? scope?.connection?.clientActor ?? Connection.unknownClientActor
    }

    /// The entry of a request with a good token that was refused, or failed; nil when it was not.
    ///
    /// A bulk request as a whole is not: its operations are.
    func refusalEntry(status: Int, ended: Timestamp) -> ActivityEntry? {
        guard let refusal, bulk == nil else { return nil }
        return refusalEntry(refusal, of: subject, isOfGroups: route.hasPrefix("/Groups"), status, ended)
    }

    /// The entries of the operations of a bulk request that stored nothing, as single requests leave them.
    func idleEntries(ended: Timestamp) -> [ActivityEntry] {
        idle.map { operation in
            guard let refusal = operation.refusal else {
                var entry = ActivityEntry(operation.unchangedKind, at: ended, by: origin)
                complete(&entry, of: operation.subject, 200, ended)
                return entry
            }
            let isOfGroups = operation.type == .group
            let status = refusal.scimError.status
            return refusalEntry(refusal, of: operation.subject, isOfGroups: isOfGroups, status, ended)
        }
    }

    private func refusalEntry(
        _ refusal: Refusal,
        of subject: ActivityEntry.Subject?,
        isOfGroups: Bool,
        _ status: Int,
        _ ended: Timestamp
    ) -> ActivityEntry {
        // The connection may not write this group, or any.
        let isGroupWrite = isOfGroups && refusal.reason == "scim_403"
        var entry = ActivityEntry(
            isGroupWrite ? .groupRefused : .requestRefused,
            ActivityOutcome(status: refusal.scimError.status),
            at: ended,
            by: origin
        )
        entry.explanation = refusal.scimError.detail
        entry.scimType = refusal.scimError.kind?.rawValue
        entry.reason = refusal.reason
        complete(&entry, of: subject, status, ended)
        return entry
    }

    /// The entry of a request that was answered, and is worth one of its own.
    func entry(_ kind: ActivityKind, status: Int, ended: Timestamp) -> ActivityEntry {
        var entry = ActivityEntry(kind, .ok, at: ended, by: origin)
        entry.notes = notes.map(\.activityText)
        entry.reason = reason
        complete(&entry, of: subject, status, ended)
        return entry
    }

    /// The entry of a token that opens nothing.
    func strangerEntry(status: Int, ended: Timestamp, explaining text: String) -> ActivityEntry {
        var entry = ActivityEntry(.tokenRefused, .refused, at: ended, by: origin)
        entry.explanation = text
        entry.reason = reason
        complete(&entry, of: subject, status, ended)
        return entry
    }

    private func complete(
        _ entry: inout ActivityEntry,
        of subject: ActivityEntry.Subject?,
        _ status: Int,
        _ ended: Timestamp
    ) {
        entry.status = status
        entry.resource = subject
        entry.milliseconds = Int(ended.milliseconds - started.milliseconds)
    }
}

extension ActivityOutcome {
    /// How a request ended that was not done, by the status of its answer.
    init(status: Int) {
        switch status {
        case 429: self = .throttled
        case 500...: self = .failed
        default: self = .refused
        }
    }
}
