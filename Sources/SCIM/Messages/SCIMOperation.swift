/// What a client asks, free of HTTP and of its dialect.
package enum SCIMOperation: Sendable {
    /// Add a resource (RFC 7644 §3.3).
    case create(Resource)
    /// Read one resource (RFC 7644 §3.4.1).
    case read(ResourceType.Name, ResourceID, Preconditions)
    /// Find resources of one type, or of all (RFC 7644 §3.4.2, §3.4.3), from that place on.
    case search(ResourceType.Name?, SearchRequest, PageStart)
    /// Replace what a client may write (RFC 7644 §3.5.1).
    case replace(ResourceID, Resource, Preconditions)
    /// Change parts (RFC 7644 §3.5.2).
    case patch(ResourceType.Name, ResourceID, PatchRequest, PatchRules, Preconditions)
    /// Delete (RFC 7644 §3.6).
    case delete(ResourceType.Name, ResourceID, Preconditions)
}

/// What an operation did, free of HTTP.
package enum SCIMOutcome: Sendable {
    /// A resource was made, or an unmanaged learner was associated.
    case created(StoredResource)
    /// The resource that was asked for.
    case found(StoredResource)
    /// The client holds this version already (RFC 7644 §3.14).
    case notModified(ResourceVersion)
    /// One page of matches; `startIndex` is 1-based, and nil on a page by cursor; `next` is where
    /// such a page ended, when there are more.
    case page([StoredResource], totalResults: Int, startIndex: Int?, next: PagePosition?)
    /// The resource after a replace or patch, with what a patch left out or found already so.
    case changed(StoredResource, notes: [Note])
    /// The resource is gone.
    case deleted
}

/// `If-Match` and `If-None-Match` of a request (RFC 7644 §3.14, RFC 9110 §13).
package struct Preconditions: Sendable, Equatable {
    /// The versions of which one must be current; nil asks nothing.
    package let ifMatch: EntityTags?
    /// The versions of which none may be current; nil asks nothing.
    package let ifNoneMatch: EntityTags?

    /// No condition.
    package static let none = Preconditions(ifMatch: nil, ifNoneMatch: nil)

    /// Conditions as the header fields state them.
    package init(ifMatch: EntityTags?, ifNoneMatch: EntityTags?) {
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
    }

    /// Whether a write to a resource of that version may go on.
    package func allowWrite(to version: ResourceVersion) -> Bool {
        if let ifMatch, !ifMatch.contains(version) { return false }
        if let ifNoneMatch, ifNoneMatch.contains(version) { return false }
        return true
    }
}

/// A list of entity tags, or `*`.
///
/// Tags are compared as text: ours are always `W/"n"`.
package enum EntityTags: Sendable, Equatable {
    /// `*`: the resource exists.
    case any
    /// These tags, as sent.
    case tags([String])

    /// Reads a header field's value; nil when it holds nothing.
    package static func reading(_ field: String?) -> EntityTags? {
        guard let field else { return nil }
        let tags = field.split(separator: ",").map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
        let texts = tags.map { tag in String(tag.reversed().drop { $0 == " " || $0 == "\t" }.reversed()) }
        if texts.contains(where: { TextOrder.isSameBytes($0, "*") }) { return .any }
        return .tags(texts)
    }

    /// Whether the list names that version.
    package func contains(_ version: ResourceVersion) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { TextOrder.isSameBytes($0, version.etag) }
        }
    }
}
