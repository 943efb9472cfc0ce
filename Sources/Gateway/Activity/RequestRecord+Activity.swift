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
    func refusalEntry(status: Int, ended: Timestamp) -> ActivityEntry? {
        guard let refusal else { return nil }
        // A bulk is answered 200, whatever refused its operations.
        let outcome = ActivityOutcome(status: refusal.scimError.status)
        var entry = ActivityEntry(
            isGroupWrite ? .groupRefused : .requestRefused,
            outcome,
            at: ended,
            by: origin
        )
        entry.explanation = refusal.scimError.detail
        entry.scimType = refusal.scimError.kind?.rawValue
        complete(&entry, status: status, ended: ended)
        return entry
    }

    /// Whether it was refused because the connection may not write this group, or any.
    private var isGroupWrite: Bool { reason == "scim_403" && route.hasPrefix("/Groups") }

    /// The entry of a request that was answered, and is worth one of its own.
    func entry(_ kind: ActivityKind, status: Int, ended: Timestamp) -> ActivityEntry {
        var entry = ActivityEntry(kind, .ok, at: ended, by: origin)
        entry.notes = notes.map(\.activityText)
        complete(&entry, status: status, ended: ended)
        return entry
    }

    /// The entry of a token that opens nothing.
    func strangerEntry(status: Int, ended: Timestamp, explaining text: String) -> ActivityEntry {
        var entry = ActivityEntry(.tokenRefused, .refused, at: ended, by: origin)
        entry.explanation = text
        complete(&entry, status: status, ended: ended)
        return entry
    }

    private func complete(_ entry: inout ActivityEntry, status: Int, ended: Timestamp) {
        entry.status = status
        entry.reason = reason
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
