extension SchemaSet {
    /// What a path means.
    func lookup(_ path: AttributePath) -> Lookup {
        lookup(schema: path.schema, name: path.name, subAttribute: path.subAttribute)
    }
}

extension SchemaSet.Lookup {
    /// The attribute, whether or not the set holds it.
    var found: SchemaSet.Found? {
        switch self {
        case .known(let found), .outsideSet(let found): found
        case .unknown: nil
        }
    }
}
