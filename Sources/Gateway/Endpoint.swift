package import HTTPTypes
package import SCIM

/// The places of the SCIM service, after the base path (RFC 7644 §3.2).
///
/// About a dozen, so an enum and one switch serve better than a router: 404, 405 and 501 come from
/// exhaustiveness.
package enum Endpoint: Sendable, Equatable {
    /// The base path itself: a search over all types (RFC 7644 §3.4.2.1).
    case root
    /// `/Users` or `/Groups`.
    case collection(ResourceType.Name)
    /// `/Users/{id}` or `/Groups/{id}`.
    case resource(ResourceType.Name, ResourceID)
    /// `/.search`, `/Users/.search`, `/Groups/.search`.
    case search(ResourceType.Name?)
    /// `/Bulk`.
    case bulk
    /// `/Me`.
    case me
    /// `/ServiceProviderConfig`.
    case serviceProviderConfig
    /// `/ResourceTypes`.
    case resourceTypes
    /// `/ResourceTypes/{name}`.
    case resourceType(String)
    /// `/Schemas`.
    case schemas
    /// `/Schemas/{uri}`.
    case schema(SchemaURI)

    /// The methods that have a meaning here, for `Allow` (RFC 9110 §10.2.1).
    package var methods: [HTTPRequest.Method] {
        switch self {
        case .root: [.get, .head]
        case .collection: [.get, .head, .post]
        case .resource: [.get, .head, .put, .patch, .delete]
        case .search, .bulk: [.post]
        case .me: []
        case .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema: [.get, .head]
        }
    }

    /// The methods as the field `Allow` lists them.
    var allow: String { methods.map(\.rawValue).joined(separator: ", ") }

    /// Refuses a method that has no meaning here.
    ///
    /// - Throws: 501 for `/Me`, else 405.
    func require(_ method: HTTPRequest.Method) throws(Refusal) {
        switch self {
        case .resource, .collection: if method == .get { return }
        default: break
        }
        guard self != .me else {
            throw Refusal.scim(
                .statusOnly(501, "/Me is not offered: a provisioning token stands for no user.")
            )
        }
        guard methods.contains(method) else { throw Refusal.methodNotAllowed(self) }
    }

    /// The path with its variable parts named: what logs and metrics may carry.
    package var template: String {
        switch self {
        case .root: "/"
        case .collection(.user): "/Users"
        case .collection(.group): "/Groups"
        case .resource(.user, _): "/Users/{id}"
        case .resource(.group, _): "/Groups/{id}"
        case .search(.user): "/Users/.search"
        case .search(.group): "/Groups/.search"
        case .search(nil): "/.search"
        case .bulk: "/Bulk"
        case .me: "/Me"
        case .serviceProviderConfig: "/ServiceProviderConfig"
        case .resourceTypes: "/ResourceTypes"
        case .resourceType: "/ResourceTypes/{name}"
        case .schemas: "/Schemas"
        case .schema: "/Schemas/{uri}"
        }
    }

    /// The endpoint that path segments name; nil is 404.
    ///
    /// Segments are percent-decoded and not empty.
    init?(segments: [String]) {
        let collection = segments.first.flatMap(Self.collection)
        switch (segments.count, collection) {
        case (0, _): self = .root
        case (1, let type?): self = .collection(type)
        case (2, let type?) where TextOrder.isSameBytes(segments[1], ".search"): self = .search(type)
        case (2, let type?): self = .resource(type, ResourceID(segments[1]))
        case (1, nil): self.init(single: segments[0])
        case (2, nil): self.init(first: segments[0], second: segments[1])
        default: return nil
        }
    }

    private static func collection(_ segment: String) -> ResourceType.Name? {
        switch segment {
        case "Users": .user
        case "Groups": .group
        default: nil
        }
    }

    private init?(single segment: String) {
        switch segment {
        case ".search": self = .search(nil)
        case "Bulk": self = .bulk
        case "Me": self = .me
        case "ServiceProviderConfig": self = .serviceProviderConfig
        case "ResourceTypes": self = .resourceTypes
        case "Schemas": self = .schemas
        default: return nil
        }
    }

    private init?(first: String, second: String) {
        switch first {
        case "ResourceTypes": self = .resourceType(second)
        case "Schemas": self = .schema(SchemaURI(second))
        default: return nil
        }
    }
}
