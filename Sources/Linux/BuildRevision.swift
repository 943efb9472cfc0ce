internal import CRevision

/// What the program was built from.
package enum BuildRevision {
    /// A commit's short name, with `-dirty` behind it where files differed from it; `unknown` where the builder did not say.
    // SAFETY: a constant of the program, which ends with a zero byte.
    package static var text: String { unsafe String(cString: scim_gateway_revision()) }
}
