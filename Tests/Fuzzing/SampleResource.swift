import SCIM

/// The resources that filters are run on and patches are applied to: one of each type, with every kind of attribute.
enum SampleResource {
    static let all = [user, group]

    /// A person with values that differ in case and script, derived ones included.
    static let user = stored(
        #"""
        {"userName":"Ada@Example.com","externalId":"A-1","active":true,"displayName":"Ada Straße","title":"",
        "name":{"givenName":"Ada","familyName":"Lovelace","formatted":"Ada King"},"nickName":"e\u0301",
        "profileUrl":"https://x.example/ada","locale":"en-GB","timezone":"Europe/London","userType":"Employee",
        "emails":[{"value":"ada@example.com","type":"work","primary":true},
        {"value":"ADA@home.example","type":"home"}],
        "phoneNumbers":[{"value":"tel:+44-1","type":"work"},{"value":"tel:+44-2","type":"mobile"}],
        "addresses":[{"type":"work","streetAddress":"1 \"Mill\"\nLane","locality":"Ely","country":"GB"}],
        "roles":[{"value":"admin","display":"Admin"}],
        "x509Certificates":[{"value":"AAECAw=="}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
        {"employeeNumber":"0042","department":"Analytical Engines","costCenter":"4130","manager":{"value":"g-1"}}}
        """#,
        .user,
        groups: [
            GroupReference(id: ResourceID("g1"), display: "Head \"office\""),
            GroupReference(id: ResourceID("g2"), display: "All", isDirect: false),
        ],
        manager: ManagerReference(id: ResourceID("m-1"), displayName: "Charles Babbage")
    )

    /// A group of a person and a group.
    static let group = stored(
        #"{"displayName":"Head office","externalId":"G-1"}"#,
        .group,
        members: [
            MemberReference(id: ResourceID("2819c223"), type: .user, display: "Ada Lovelace"),
            MemberReference(id: ResourceID("g1"), type: .group, display: "Drivers"),
        ]
    )

    private static func stored(
        _ body: String,
        _ type: ResourceType.Name,
        groups: [GroupReference] = [],
        members: [MemberReference]? = nil,
        manager: ManagerReference? = nil
    ) -> StoredResource {
        do {
            let json = try JSONReader.read(Array(body.utf8))
            let resource = try Resource.reading(json, type: type, set: .full).resource
            let validated = try Validation.validate(resource, set: .full)
            return StoredResource(
                validated,
                type: type,
                groups: groups,
                members: members,
                manager: manager
            )
        } catch {
            preconditionFailure("the sample itself is refused: \(error)")
        }
    }
}

extension StoredResource {
    /// The resource as a store would give it.
    init(
        _ validated: ValidatedResource,
        type: ResourceType.Name,
        groups: [GroupReference],
        members: [MemberReference]?,
        manager: ManagerReference?
    ) {
        let (id, version) = (ResourceID("2819c223"), ResourceVersion(3))
        let (created, modified) = (
            Timestamp(milliseconds: 1_300_000_000_000), Timestamp(milliseconds: 1_300_000_060_000)
        )
        let (document, splices) = validated.document(
            id: id,
            version: version,
            created: created,
            lastModified: modified
        )
        self.init(
            type: type,
            id: id,
            version: version,
            created: created,
            lastModified: modified,
            document: document,
            splices: splices,
            writtenSet: .full,
            externalID: validated.externalID,
            groups: groups,
            members: members,
            managerReference: manager
        )
    }
}
