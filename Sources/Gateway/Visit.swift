import Dialects
import SCIM
import SCIMEngine
import Sharing
import Store
import Tenancy

/// What the steps after admission share about one request: whose it is, how its client speaks, where its answers point.
struct Visit {
    /// What lets it be worked on.
    let turn: Turn
    /// `https://host/scim/v2`, from the listener's public address: never from `Host`.
    let locationPrefix: String
    /// Where it goes.
    let target: RequestTarget
    /// Who its writes leave in the activity; nil for a request that only reads.
    var origin: ActivityOrigin?
    /// When it came, for the same; nil for a request that only reads.
    var arrived: Timestamp?
    /// The number of the event loop that it came in on.
    var loop = 0

    /// Whose request it is.
    var scope: TenantScope { turn.scope }
    /// What the connection may store and see.
    private var attributeSet: AttributeSet { scope.connection?.attributes ?? .full }
    /// How its client speaks.
    private var dialect: Dialect { scope.connection?.dialect ?? .named(.generic) }

    /// For whom the engine works.
    var asker: Asker { Asker(scope, locationPrefix: locationPrefix, origin: origin) }

    /// Counts what a write did to users, once it is stored.
    var counting: (@Sendable (ActivityKind) -> Void)? {
        guard let tally = scope.tally else { return nil }
        return { [loop] kind in
            if let change = UserChange(kind) { tally.count(change.place, on: loop) }
        }
    }

    /// Reads what the client sends.
    var interpretation: Interpretation { Interpretation(dialect: dialect, attributeSet: attributeSet) }

    /// Writes what the client gets.
    var rendering: Rendering {
        Rendering(dialect: dialect, attributeSet: attributeSet, locationPrefix: locationPrefix)
    }

    /// What of a resource the query asks for.
    var projection: Projection {
        Projection(
            attributes: target.parameter("attributes"),
            excludedAttributes: target.parameter("excludedAttributes")
        )
    }

    /// Refuses a write that the connection may never make, before its body is read.
    func requireWrites(to type: ResourceType.Name) throws(Refusal) {
        do throws(EngineError) {
            try asker.requireWrites(to: type)
        } catch {
            throw Refusal(error)
        }
    }

    /// The discovery documents, true to the connection's attribute set (RFC 7644 §4).
    ///
    /// - Parameters:
    ///   - endpoint: Which of them.
    ///   - preconditions: What the client holds or expects.
    ///   - digest: SHA-256 of the profile's library context: what the documents' entity tags come from.
    /// - Returns: The document, or 304 without one.
    /// - Throws: 404 for what there is not, 403 for a filter, 412 for another version than expected.
    func discovery(
        _ endpoint: Endpoint,
        _ preconditions: Preconditions,
        digest: @escaping ([UInt8]) -> [UInt8]
    ) throws(Refusal) -> Rendering.Rendered {
        guard target.parameter("filter") == nil else {
            throw Refusal.scim(
                .statusOnly(403, "Discovery endpoints cannot be filtered (RFC 7644 section 4).")
            )
        }
        let documents = Discovery(set: attributeSet, locationPrefix: locationPrefix, digest: digest)
        let found: Discovery.Document? =
            switch endpoint {
            case .serviceProviderConfig: documents.serviceProviderConfig
            case .resourceTypes: documents.resourceTypes
            case .resourceType(let name): documents.resourceType(named: name)
            case .schemas: documents.schemas
            case .schema(let uri): documents.schema(uri)
            default: nil
            }
        guard let found else {
            throw Refusal.scim(.statusOnly(404, "This connection has no such schema or resource type."))
        }
        switch preconditions.verdict(onReading: found.etag) {
        case .read: return Rendering.Rendered(status: 200, etag: found.etag, body: found.body)
        case .notModified: return Rendering.Rendered(status: 304, etag: found.etag)
        case .failed:
            throw Refusal.scim(
                .preconditionFailed("The document is not in this version. Read it again without If-Match.")
            )
        }
    }
}

extension Refusal {
    /// What the engine's error means on the wire.
    init(_ error: EngineError) {
        switch error {
        case .refused(let reason): self = .scim(reason)
        case .unavailable(let cause): self = .unavailable(cause: cause)
        }
    }
}
