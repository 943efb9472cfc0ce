package import SCIM

/// Turns what an operation did into what the client gets back, free of HTTP.
package struct Rendering: Sendable {
    /// How the client departs from the RFC.
    private let dialect: Dialect
    /// What the connection may see.
    private let attributeSet: AttributeSet
    /// `https://host/scim/v2`: before every location.
    private let locationPrefix: String

    /// What becomes a reply: a status, three fields and a body.
    package struct Rendered: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The `ETag` field.
        package var etag: String?
        /// The `Location` field.
        package var location: String?
        /// What was asked for and not stored: the `SCIM-Notes` field.
        package var notes: [Note] = []
        /// The body's bytes; nil is none.
        package var body: [UInt8]?

        /// An answer of these parts.
        package init(status: Int, etag: String? = nil, location: String? = nil, body: [UInt8]? = nil) {
            self.status = status
            self.etag = etag
            self.location = location
            self.body = body
        }
    }

    /// Renders for one connection at one address.
    package init(dialect: Dialect, attributeSet: AttributeSet, locationPrefix: String) {
        self.dialect = dialect
        self.attributeSet = attributeSet
        self.locationPrefix = locationPrefix
    }

    /// Which members of groups the answer to an operation shows: a store reads no others.
    ///
    /// The answer to a PATCH of a group, when nobody asks for attributes, is the group with its members; none where the
    /// dialect or the number of members makes it a 204.
    package func members(shownFor operation: SCIMOperation, _ projection: Projection) -> MemberDemand {
        let whole: MemberDemand = projection.wantsMembers ? .all : .none
        switch operation {
        case .search(.user, _, _), .read(.user, _, _), .patch(.user, _, _, _, _), .delete: return .none
        case .create(let resource), .replace(_, let resource, _):
            return resource.type == .group ? whole : .none
        case .search(_, let request, _): return request.projection.wantsMembers ? .all : .none
        case .read(.group, _, _): return whole
        case .patch(.group, _, _, _, _) where projection.isEmpty:
            return dialect.has(.groupPatchAnswersNoContent) ? .none : .upTo(MemberLimits.patchAnswer)
        case .patch(.group, _, _, _, _): return whole
        }
    }

    /// What the client gets for an outcome; of a page by cursor with what asks for the next one.
    package func rendered(_ outcome: SCIMOutcome, _ projection: Projection, nextCursor: String? = nil)
        -> Rendered
    {
        switch outcome {
        case .created(let resource):
            var rendered = answer(201, resource, projection)
            rendered.location = resource.location(locationPrefix)
            return rendered
        case .found(let resource):
            return answer(200, resource, projection)
        case .notModified(let version):
            return Rendered(status: 304, etag: version.etag)
        case .page(let resources, let totalResults, let startIndex, _):
            let bodies = resources.map { body(of: $0, projection) }
            return Rendered(
                status: 200,
                body: ListResponse.body(
                    bodies,
                    totalResults: totalResults,
                    startIndex: startIndex,
                    nextCursor: nextCursor
                )
            )
        case .changed(let resource, _, _):
            return changed(resource, projection)
        case .deleted:
            return Rendered(status: 204)
        }
    }

    /// What a client gets for a write inside a bulk request: all but the body, for which no members are read.
    ///
    /// So a PATCH of a group is 200 in every dialect: 204 would only say that there is no body.
    package func withoutBody(_ outcome: SCIMOutcome) -> Rendered {
        switch outcome {
        case .created(let resource):
            Rendered(status: 201, etag: resource.version.etag, location: resource.location(locationPrefix))
        case .changed(let resource, _, _), .found(let resource):
            Rendered(status: 200, etag: resource.version.etag, location: resource.location(locationPrefix))
        case .notModified(let version):
            Rendered(status: 304, etag: version.etag)
        case .page:
            Rendered(status: 200)
        case .deleted:
            Rendered(status: 204)
        }
    }

    /// The status for a changed group whose members do not come along: no body, unless attributes are asked for.
    package static func statusWithoutMembers(_ projection: Projection) -> Int {
        projection.isEmpty ? 204 : 200
    }

    private func changed(_ resource: StoredResource, _ projection: Projection) -> Rendered {
        let status = Self.statusWithoutMembers(projection)
        guard resource.type == .group, resource.members == nil, status == 204 else {
            return answer(200, resource, projection)
        }
        return Rendered(status: status, etag: resource.version.etag)
    }

    private func answer(_ status: Int, _ resource: StoredResource, _ projection: Projection) -> Rendered {
        Rendered(status: status, etag: resource.version.etag, body: body(of: resource, projection))
    }

    /// The stored bytes with the derived parts spliced in, unless the client or its set asks for less than was
    /// written: only that goes through the parsed path.
    private func body(of resource: StoredResource, _ projection: Projection) -> [UInt8] {
        guard projection.isEmpty, attributeSet == .full || resource.writtenSet == .learner else {
            return resource.rendered(
                locationPrefix: locationPrefix,
                projection: projection,
                set: attributeSet
            )
        }
        return resource.rendered(locationPrefix: locationPrefix)
    }
}
