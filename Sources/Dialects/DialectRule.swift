/// One departure from the RFC, with where it is documented.
///
/// Each has a transcript in `Tests/DialectsTests`. What all clients are known to mean alike is no rule: operations in
/// any case, a bare `manager`, `Remove` with a list of values are taken from everyone.
package enum DialectRule: String, Sendable, CaseIterable {
    /// `replace` on a value path without a match makes the value instead of failing with `noTarget`.
    ///
    /// RFC 7644 §3.5.2.3 wants 400 `noTarget`. Entra sends `Replace` for a mapped value that the resource does not
    /// hold yet, and counts the 400 as a failed user.
    case replaceCreatesMissingTarget

    /// A PATCH of a group is answered 204 without a body, unless attributes are asked for.
    ///
    /// RFC 7644 §3.5.2 allows both. Entra asks for 204, and for an answer that does not hold the members.
    case groupPatchAnswersNoContent

    /// The clients that depart in this way.
    package var clients: Set<Dialect.Name> {
        switch self {
        case .replaceCreatesMissingTarget: [.entra]
        case .groupPatchAnswersNoContent: [.entra]
        }
    }

    /// Where the departure is documented.
    package var citation: Citation {
        switch self {
        case .replaceCreatesMissingTarget:
            Citation(
                document: "Microsoft, Known issues and resolutions with SCIM 2.0 protocol compliance of the "
                    + "Microsoft Entra user provisioning service",
                place: "Flags to alter the SCIM behavior, requests to replace multiple attributes"
            )
        case .groupPatchAnswersNoContent:
            Citation(
                document:
                    "Microsoft, Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID",
                place: "Group operations"
            )
        }
    }
}
