package import SCIM

/// Turns what a client sent into an operation, by the RFC and by the client's dialect.
package struct Interpretation: Sendable {
    /// How the client departs from the RFC.
    private let dialect: Dialect
    /// What the connection may store and see.
    private let attributeSet: AttributeSet

    /// An operation with what was left out of it on the way.
    package struct Interpreted: Sendable {
        /// What the client asks.
        package let operation: SCIMOperation
        /// Attributes that were dropped or unknown: names only.
        package let notes: [Note]
        /// How the body departed from the RFC and was understood all the same.
        package let quirks: [ClientQuirk]
        /// What the body says of attributes that the service sets.
        private let readOnly: ReadOnlyValues

        /// An operation, and what was left out of it.
        package init(
            operation: SCIMOperation,
            notes: [Note] = [],
            quirks: [ClientQuirk] = [],
            readOnly: ReadOnlyValues = .init()
        ) {
            self.operation = operation
            self.notes = notes
            self.quirks = quirks
            self.readOnly = readOnly
        }

        /// All that was asked for and not stored, now that the operation is done: each name once.
        package func notes(with outcome: SCIMOutcome) -> [Note] {
            switch outcome {
            case .created(let resource): Note.joined(notes, readOnly.notes(on: resource))
            case .changed(let resource, _, let changes):
                Note.joined(notes, readOnly.notes(on: resource), changes)
            case .found, .notModified, .page, .deleted: notes
            }
        }
    }

    /// Reads what a connection's client sends.
    package init(dialect: Dialect, attributeSet: AttributeSet) {
        self.dialect = dialect
        self.attributeSet = attributeSet
    }

    /// A POST of a resource (RFC 7644 §3.3).
    ///
    /// - Throws: `invalidSyntax` for what is no JSON object, `invalidValue` for a value of the wrong type.
    package func creation(of type: ResourceType.Name, body: Span<UInt8>) throws(SCIMError) -> Interpreted {
        try creation(of: type, json: json(body))
    }

    /// The same of a body that is parsed already, as those in a bulk request are.
    ///
    /// - Throws: as ``creation(of:body:)``.
    package func creation(of type: ResourceType.Name, json: JSONValue) throws(SCIMError) -> Interpreted {
        let reading = try Resource.reading(json, type: type, set: attributeSet)
        return Interpreted(
            operation: .create(reading.resource),
            notes: reading.notes,
            quirks: ClientQuirk.found(inResource: json),
            readOnly: reading.readOnly
        )
    }

    /// A PUT (RFC 7644 §3.5.1).
    ///
    /// The id in the path is the only target; one in the body is ignored.
    ///
    /// - Throws: as ``creation(of:body:)``.
    package func replacement(
        of type: ResourceType.Name,
        _ id: ResourceID,
        body: Span<UInt8>,
        _ preconditions: Preconditions
    ) throws(SCIMError) -> Interpreted {
        try replacement(of: type, id, json: json(body), preconditions)
    }

    /// The same of a body that is parsed already.
    ///
    /// - Throws: as ``creation(of:body:)``.
    package func replacement(
        of type: ResourceType.Name,
        _ id: ResourceID,
        json: JSONValue,
        _ preconditions: Preconditions
    ) throws(SCIMError) -> Interpreted {
        let reading = try Resource.reading(json, type: type, set: attributeSet)
        return Interpreted(
            operation: .replace(id, reading.resource, preconditions),
            notes: reading.notes,
            quirks: ClientQuirk.found(inResource: json),
            readOnly: reading.readOnly
        )
    }

    /// A PATCH (RFC 7644 §3.5.2).
    ///
    /// - Throws: `invalidSyntax`, `invalidPath` or `noTarget` for a message that cannot be understood.
    package func patch(
        of type: ResourceType.Name,
        _ id: ResourceID,
        body: Span<UInt8>,
        _ preconditions: Preconditions
    ) throws(SCIMError) -> Interpreted {
        try patch(of: type, id, json: json(body), preconditions)
    }

    /// The same of a body that is parsed already.
    ///
    /// - Throws: as ``patch(of:_:body:_:)``.
    package func patch(
        of type: ResourceType.Name,
        _ id: ResourceID,
        json: JSONValue,
        _ preconditions: Preconditions
    ) throws(SCIMError) -> Interpreted {
        let request = try PatchRequest.reading(json)
        return Interpreted(
            operation: .patch(type, id, request, dialect.patchRules, preconditions),
            quirks: ClientQuirk.found(inPatch: json, request, of: type, attributeSet)
        )
    }

    /// A GET of a list (RFC 7644 §3.4.2): the query's parameters by name.
    ///
    /// - Throws: `invalidValue` for a number that is none.
    package func search(_ type: ResourceType.Name?, parameters: [(name: String, value: String)])
        throws(SCIMError) -> SearchRequest
    {
        try SearchRequest.reading(parameters: parameters)
    }

    /// A POST to `.search` (RFC 7644 §3.4.3).
    ///
    /// - Throws: `invalidSyntax` for what is no search request.
    package func search(_ type: ResourceType.Name?, body: Span<UInt8>) throws(SCIMError) -> SearchRequest {
        try SearchRequest.reading(json(body))
    }

    /// How a search departs from what is kept here.
    package func quirks(of search: SearchRequest, for type: ResourceType.Name?) -> [ClientQuirk] {
        ClientQuirk.found(inFilter: search.filter, of: type, attributeSet)
    }

    /// A POST to `/Bulk` (RFC 7644 §3.7): the bodies in it are interpreted when their turn comes.
    ///
    /// - Throws: as ``BulkRequest/reading(_:)``.
    package func bulk(body: Span<UInt8>) throws(SCIMError) -> BulkRequest {
        try BulkRequest.reading(json(body))
    }

    /// The body as one strict JSON value; each body is parsed once.
    private func json(_ body: Span<UInt8>) throws(SCIMError) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(body)
        } catch {
            throw error.asSCIMError
        }
    }
}
