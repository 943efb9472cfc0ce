import SCIM

/// What PUT makes of a resource (RFC 7644 §3.5.1).
enum Replacement {
    /// The body, with what it may not clear taken from the resource that is there.
    ///
    /// Attributes that the connection cannot see stay: a learner connection's PUT does not clear what a full
    /// connection wrote. `active` stays when the body does not name it.
    static func result(of body: Resource, on existing: Resource, set: AttributeSet) -> Resource {
        var result = body
        if result.attributes["active"] == nil { result.attributes["active"] = existing.attributes["active"] }
        return result.keepingHidden(of: existing, from: set)
    }
}

/// What a POST makes of an unmanaged learner of the same `userName`: its attributes are set as by PUT of those present.
enum Association {
    /// The existing learner with each attribute that the body names replaced.
    static func result(of body: Resource, on existing: Resource, set: AttributeSet) -> Resource {
        var result = existing
        for entry in body.attributes.entries { result.attributes[entry.name] = entry.value }
        for entry in body.enterprise.entries { result.enterprise[entry.name] = entry.value }
        return result.keepingHidden(of: existing, from: set)
    }
}

/// What a client may not do to a group of the tenant's file: its members come and go, its name and its end are the
/// operator's.
enum TargetGroupRules {
    /// Refuses another `displayName`: the next reload would undo it.
    static func requireSameName(_ result: Resource, as existing: Resource) throws(SCIMError) {
        guard result.attributes["displayName"] == existing.attributes["displayName"] else {
            throw SCIMError.targetGroupKeepsItsName
        }
    }
}

/// The default of `active`.
enum ActiveDefault {
    /// A new user of whom nobody says otherwise is active.
    static func completing(_ resource: Resource) -> Resource {
        guard resource.type == .user, resource.attributes["active"] == nil else { return resource }
        var result = resource
        result.attributes["active"] = .simple(.boolean(true))
        return result
    }
}
