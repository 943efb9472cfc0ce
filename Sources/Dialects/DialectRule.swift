/// One departure from the RFC, with where it is documented.
///
/// Each has a transcript in `Tests/DialectsTests`.
package enum DialectRule: String, Sendable, CaseIterable {
    /// `replace` on a value path without a match makes the value instead of failing with `noTarget`.
    ///
    /// RFC 7644 §3.5.2.3 wants 400 `noTarget`. Entra sends `Replace` for a mapped value that the resource does not
    /// hold yet, and counts the 400 as a failed user. Source: Microsoft, "Known issues and resolutions with SCIM 2.0
    /// protocol compliance of the Microsoft Entra provisioning service".
    case replaceCreatesMissingTarget

    /// A PATCH of a group is answered 204 without a body, unless attributes are asked for.
    ///
    /// RFC 7644 §3.5.2 allows both. Source: Microsoft, "Develop and plan provisioning for a SCIM endpoint": the
    /// response to a group PATCH should be 204 and not hold the members.
    case groupPatchAnswersNoContent

    /// The clients that depart in this way.
    package var clients: Set<Dialect.Name> {
        switch self {
        case .replaceCreatesMissingTarget: [.entra]
        case .groupPatchAnswersNoContent: [.entra]
        }
    }
}
