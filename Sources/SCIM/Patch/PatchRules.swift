/// What a client's dialect changes in the way PATCH works.
package struct PatchRules: Sendable, Equatable {
    /// `replace` on a value path without a match makes the value, instead of failing with `noTarget`.
    package var replaceCreatesMissingTarget: Bool

    /// The rules of a dialect; those of RFC 7644 when nothing is given.
    package init(replaceCreatesMissingTarget: Bool = false) {
        self.replaceCreatesMissingTarget = replaceCreatesMissingTarget
    }
}
