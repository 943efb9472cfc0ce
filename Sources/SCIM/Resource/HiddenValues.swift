/// What a connection cannot see it cannot clear: values outside its attribute set outlive its writes.
extension Resource {
    /// The resource with what the set does not hold taken from the one that is there.
    package func keepingHidden(of existing: Resource, from set: AttributeSet) -> Resource {
        guard set != .full else { return self }
        let schemas = SchemaSet.of(type, set)
        var result = self
        schemas.keepHidden(of: existing.attributes, .core, in: &result.attributes)
        schemas.keepHidden(of: existing.enterprise, .enterprise, in: &result.enterprise)
        return result
    }
}

extension SchemaSet {
    fileprivate func keepHidden(of existing: ComplexValue, _ part: Part, in values: inout ComplexValue) {
        for entry in existing.entries {
            guard let definition = definition(part, entry.name) else { continue }
            guard definition.isHeld(by: set) else {
                values[entry.name] = entry.value
                continue
            }
            let found = Found(part: part, definition: definition, subDefinition: nil)
            values[entry.name] = keepingHidden(entry.value, in: values[entry.name], found)
        }
    }

    /// The new value of an attribute, with the hidden parts of the old one: `name.formatted`, where
    /// the set holds `name.givenName` only.
    func keepingHidden(_ old: AttributeValue?, in new: AttributeValue?, _ found: Found) -> AttributeValue? {
        guard set != .full, case .complex(let parts) = old else { return new }
        var result = ComplexValue()
        if case .complex(let parts) = new { result = parts }
        for part in parts.entries where !(found.definition.subAttribute(part.name)?.isHeld(by: set) ?? true) {
            result[part.name] = part.value
        }
        return result.isEmpty ? nil : .complex(result)
    }
}
