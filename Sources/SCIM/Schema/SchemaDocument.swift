extension JSONWriter {
    /// Attribute definitions as discovery shows them: those that the set holds (RFC 7643 §7).
    ///
    /// A characteristic that says nothing of a type is left out: `caseExact` of what is no text,
    /// empty lists. Others are always told: RFC 7643 §8.7.1 leaves out some that have their default.
    mutating func definitions(_ definitions: [AttributeDefinition], for set: AttributeSet, isWritable: Bool) {
        beginArray()
        for definition in definitions where definition.isHeld(by: set) {
            self.definition(definition, for: set, isWritable: isWritable)
        }
        endArray()
    }

    private mutating func definition(
        _ definition: AttributeDefinition,
        for set: AttributeSet,
        isWritable: Bool
    ) {
        beginObject()
        member("name", definition.name.text)
        member("type", definition.type.rawValue)
        if definition.type == .complex {
            name("subAttributes")
            definitions(definition.subAttributes, for: set, isWritable: isWritable)
        }
        member("multiValued", definition.isMultiValued)
        member("description", definition.description)
        member("required", definition.isRequired)
        if definition.type.isText { member("caseExact", definition.isCaseExact) }
        if !definition.canonicalValues.isEmpty {
            member("canonicalValues", strings: definition.canonicalValues)
        }
        member(
            "mutability",
            isWritable ? definition.mutability.rawValue : Characteristics.Mutability.readOnly.rawValue
        )
        member("returned", definition.returned.rawValue)
        member("uniqueness", definition.uniqueness.rawValue)
        if !definition.referenceTypes.isEmpty { member("referenceTypes", strings: definition.referenceTypes) }
        endObject()
    }
}

extension Characteristics.DataType {
    /// Whether case can matter.
    fileprivate var isText: Bool {
        switch self {
        case .string, .reference, .binary: true
        case .boolean, .decimal, .integer, .dateTime, .complex: false
        }
    }
}
