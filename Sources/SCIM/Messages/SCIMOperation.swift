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
    /// The resource after a replace or patch, with what a patch left out or found already so; not stored when nothing
    /// changed.
    case changed(StoredResource, isStored: Bool, notes: [Note])
    /// The resource is gone.
    case deleted
}
