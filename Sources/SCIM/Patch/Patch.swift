/// PATCH as a pure function: a resource and operations in, the changed resource out (RFC 7644 §3.5.2).
package enum Patch {
    /// Applies operations in order, all or none.
    ///
    /// The result is not validated: that userName is an e-mail address, or unique, is asked afterwards.
    ///
    /// - Parameters:
    ///   - request: The operations.
    ///   - resource: The resource as it is stored.
    ///   - set: What the connection may write; attributes that RFC 7643 knows and the set does not hold are
    ///     dropped with a note.
    ///   - rules: What the client's dialect changes.
    /// - Returns: The resource as it becomes, and what was asked for and not stored.
    /// - Throws: 400 `invalidPath`, `noTarget`, `mutability`, `invalidValue` or `invalidSyntax`.
    package static func apply(
        _ request: PatchRequest,
        to resource: Resource,
        set: AttributeSet,
        rules: PatchRules
    ) throws(SCIMError) -> (resource: Resource, notes: [Note]) {
        var editor = PatchEditor(resource, set: set, rules: rules)
        for operation in request.operations { try editor.apply(operation) }
        return (editor.resource, editor.reading.notes)
    }
}
