/// A resource under edit: performs one operation after the other (RFC 7644 §3.5.2).
///
/// What each kind of attribute does with an operation stands in `PatchEditor+SingleValue.swift` and
/// `PatchEditor+MultiValue.swift`.
struct PatchEditor {
    /// The resource as it is after the operations so far.
    var resource: Resource
    /// Types values as in other bodies, and collects notes.
    var reading: AttributeReading
    /// What the client's dialect changes.
    let rules: PatchRules
    /// What the connection may write.
    private let schemas: SchemaSet
    /// How many more comparisons with values of lists the request may cost.
    private var comparisonsLeft: Int

    /// Begins with a stored resource.
    init(
        _ resource: Resource,
        set: AttributeSet,
        rules: PatchRules,
        comparisons: Int = PatchLimits.comparisons
    ) {
        self.resource = resource
        self.rules = rules
        comparisonsLeft = comparisons
        schemas = SchemaSet.of(resource.type, set)
        reading = AttributeReading(schemas)
    }

    /// Performs one operation.
    mutating func apply(_ operation: PatchOperation) throws(SCIMError) {
        switch operation.path {
        case nil: try merge(operation.value, as: operation.op)
        case .schema(let uri): try apply(operation, toAllOf: uri)
        case .some(let path):
            switch try PatchTarget.resolve(path, in: schemas) {
            case .target(let target): try edit(target, operation.op, operation.value ?? .null)
            case .ignored(let kind, let name): reading.note(kind, name)
            case .readOnly(let name):
                throw .badRequest(.mutability, "'\(name)' is set by the service. Remove it from the mapping.")
            }
        }
    }

    // MARK: - Without a path

    /// The value names attributes: `{"active": false, "name.givenName": "Grace",
    /// "urn:…:User:department": "Tax"}`.
    ///
    /// Keys are read as paths: Entra with `aadOptscim062020` sends dotted and URN keys. A key that
    /// no schema knows is noted and passed over, as in the body of a POST, so that one stray
    /// mapping does not stop a deactivation.
    private mutating func merge(_ value: JSONValue?, as op: PatchOperation.Op) throws(SCIMError) {
        guard case .object(let object) = value else {
            throw .badRequest(
                .invalidValue,
                "An operation without a path needs an object of attributes as its value."
            )
        }
        try object.refuseAmbiguousNames()
        if object.members.isEmpty { reading.note(.alreadySo, schemas.core.uri.text) }
        for member in object.members {
            let uri = SchemaURI(member.name)
            if SchemaURI.resourceSchemas.contains(uri) {
                guard holdsSchema(uri) else { reading.note(.unknown, member.name); continue }
                try apply(PatchOperation(op: op, path: .schema(uri), value: member.value), toAllOf: uri)
            } else {
                try merge(member, key: member.name, as: op)
            }
        }
    }

    /// One member of such a value; the key is a path.
    private mutating func merge(
        _ member: JSONObject.Member,
        key: String,
        as op: PatchOperation.Op
    ) throws(SCIMError) {
        let resolution: PatchTarget.Resolution
        do throws(SCIMError) {
            resolution = try PatchTarget.resolve(try PatchPath.parse(key), in: schemas)
        } catch {
            // Every refusal of a key means that it names nothing that could be written.
            reading.note(.unknown, key)
            return
        }
        switch resolution {
        case .target(let target): try edit(target, op, member.value)
        case .ignored(let kind, let name): reading.note(kind, name)
        // RFC 7644 §3.5.2 has 400 `mutability` for read-only attributes. Okta puts `id` beside what it
        // changes; with a path the refusal stands, here the key is ignored as in the body of a PUT
        // (§3.5.1).
        case .readOnly(let name): reading.note(.dropped, name)
        }
    }

    // MARK: - With the URN of a schema

    private mutating func apply(_ operation: PatchOperation, toAllOf uri: SchemaURI) throws(SCIMError) {
        guard holdsSchema(uri) else {
            throw .badRequest(
                .invalidPath,
                "The path names a schema that \(schemas.type.rawValue)s do not have."
            )
        }
        switch (operation.op, operation.value) {
        case (.remove, _), (_, .null):
            guard uri == .enterpriseUser else {
                throw .badRequest(
                    .mutability,
                    "The core schema cannot be removed. Name the attributes to remove."
                )
            }
            let visible = resource.enterprise.entries.map(\.name).filter { schemas.holds(.enterprise, $0) }
            if visible.isEmpty { reading.note(.alreadySo, uri.text) }
            for name in visible { resource.enterprise[name] = nil }
        case (_, .object(let object)):
            try object.refuseAmbiguousNames()
            if object.members.isEmpty { reading.note(.alreadySo, uri.text) }
            for member in object.members {
                try merge(member, key: "\(uri.text):\(member.name)", as: operation.op)
            }
        default:
            throw .badRequest(
                .invalidValue,
                "The URN of a schema needs an object of attributes as its value."
            )
        }
    }

    private func holdsSchema(_ uri: SchemaURI) -> Bool {
        uri == schemas.core.uri || uri == schemas.enterprise?.uri
    }

    // MARK: - One attribute

    private mutating func edit(_ target: PatchTarget, _ op: PatchOperation.Op, _ value: JSONValue)
        throws(SCIMError)
    {
        guard !target.found.isOfMembers else { return try editMembers(target, op, value) }
        let before = resource[target.found]
        let mentions = reading.mentions
        if target.found.definition.isMultiValued {
            try spend((before?.elements.count ?? 0) * (target.choice?.terms ?? 1))
            try editList(target, op, value)
        } else if target.found.definition.type == .complex {
            try editComplex(target, op, value)
        } else {
            try editSimple(target, op, value)
        }
        resource[target.found] = schemas.keepingHidden(before, in: resource[target.found], target.found)
        // What has a note of its own, such as a part that was dropped, was not there already.
        if resource[target.found] == before, reading.mentions == mentions {
            reading.note(.alreadySo, target.found.path)
        }
    }

    /// Counts work on lists before it is done.
    private mutating func spend(_ comparisons: Int) throws(SCIMError) {
        comparisonsLeft -= comparisons
        guard comparisonsLeft >= 0 else {
            throw .badRequest(
                .tooMany,
                "The operations compare too many values with one another. Split them into several requests."
            )
        }
    }
}

extension Resource {
    /// The value of a top-level attribute.
    subscript(found: SchemaSet.Found) -> AttributeValue? {
        get {
            switch found.part {
            case .core: attributes[found.definition.name]
            case .enterprise: enterprise[found.definition.name]
            }
        }
        set {
            switch found.part {
            case .core: attributes[found.definition.name] = newValue
            case .enterprise: enterprise[found.definition.name] = newValue
            }
        }
    }
}

extension JSONObject {
    /// - Throws: 400 `invalidSyntax` when two names differ in case only: either value could be meant.
    fileprivate func refuseAmbiguousNames() throws(SCIMError) {
        let names = Set(members.map { AttributeName($0.name) })
        guard names.count == members.count else {
            throw .badRequest(
                .invalidSyntax,
                "The value holds an attribute twice, in different case. Send it once."
            )
        }
    }
}
