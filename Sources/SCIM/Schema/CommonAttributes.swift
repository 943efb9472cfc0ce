/// The attributes of every resource: they are in no schema, and discovery does not list them (RFC
/// 7643 §3.1).
package enum CommonAttributes {
    /// `id`, `externalId`, `meta`, and `schemas` (§3), with the characteristics that the RFC gives
    /// them.
    package static let definitions: [AttributeDefinition] = [
        .reference(
            "schemas",
            to: ["uri"],
            "The schemas of the resource",
            set: .learner,
            isMultiValued: true,
            isRequired: true,
            mutability: .readOnly,
            returned: .always
        ),
        .string(
            "id",
            "The identifier that the service gives",
            set: .learner,
            isCaseExact: true,
            mutability: .readOnly,
            returned: .always,
            uniqueness: .server
        ),
        .string("externalId", "The identifier that the client gives", set: .learner, isCaseExact: true),
        .complex(
            "meta",
            "What the service keeps of the resource",
            set: .learner,
            mutability: .readOnly,
            [
                .string(
                    "resourceType",
                    "The kind of resource",
                    set: .learner,
                    isCaseExact: true,
                    mutability: .readOnly
                ),
                .simple(
                    "created",
                    .dateTime,
                    "When the resource was made",
                    set: .learner,
                    mutability: .readOnly
                ),
                .simple(
                    "lastModified",
                    .dateTime,
                    "When it was last changed",
                    set: .learner,
                    mutability: .readOnly
                ),
                .reference(
                    "location",
                    to: ["uri"],
                    "Where the resource is",
                    set: .learner,
                    mutability: .readOnly
                ),
                .string("version", "The entity tag", set: .learner, isCaseExact: true, mutability: .readOnly),
            ]
        ),
    ]

    /// The common attribute of that name.
    package static func attribute(_ name: AttributeName) -> AttributeDefinition? {
        names.definition(name)
    }

    private static let names = AttributeNames(of: definitions)
}
