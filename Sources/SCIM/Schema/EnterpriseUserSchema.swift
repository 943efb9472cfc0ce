extension Schema {
    /// The Enterprise User extension (RFC 7643 §4.3, §8.7.1).
    ///
    /// `manager.$ref` is readWrite in the RFC. Here it is derived from `manager.value`, so it is
    /// read-only, and discovery says so.
    package static let enterpriseUser = Schema(
        uri: .enterpriseUser,
        name: "EnterpriseUser",
        description: "What an organization knows of a person",
        attributes: [
            .string("employeeNumber", "The number of the person in the organization", set: .learner),
            .string("costCenter", "The cost center"),
            .string("organization", "The organization"),
            .string("division", "The division"),
            .string("department", "The department", set: .learner),
            .complex(
                "manager",
                "The person's manager",
                set: .learner,
                [
                    .string("value", "The manager's id, userName or externalId", set: .learner),
                    .reference(
                        "$ref",
                        to: ["User"],
                        "Where the manager is",
                        set: .learner,
                        mutability: .readOnly
                    ),
                    .string("displayName", "The manager's name", set: .learner, mutability: .readOnly),
                ]
            ),
        ]
    )
}
