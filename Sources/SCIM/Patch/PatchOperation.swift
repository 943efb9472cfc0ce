/// One step of a PATCH (RFC 7644 §3.5.2).
///
/// ```
/// {"op": "replace", "path": "name.familyName", "value": "Hopper"}
/// ```
package struct PatchOperation: Sendable, Equatable {
    /// What to do.
    package let op: Op
    /// Where; nil is the resource itself, and the value then names attributes.
    package let path: PatchPath?
    /// With what; nil when the operation had no value.
    package let value: JSONValue?

    /// What an operation does.
    package enum Op: String, Sendable, CaseIterable {
        /// Adds values to a list, sets a single value.
        case add
        /// Takes values away.
        case remove
        /// Puts values in the place of others.
        case replace
    }

    /// A step.
    ///
    /// ``PatchRequest/reading(_:)`` sees to it that `remove` has a path, and the others a value.
    package init(op: Op, path: PatchPath?, value: JSONValue?) {
        self.op = op
        self.path = path
        self.value = value
    }
}
