extension Schema {
    /// The Group schema (RFC 7643 §4.2, §8.7.1).
    ///
    /// `displayName` is required, as §4.2 says; the listing in §8.7.1 prints `false`. So it does for
    /// the case of `members.value`, which is an id (§3.1), and it leaves out `members.display`, which
    /// §2.4 gives to every list.
    package static let group = Schema(
        uri: .group,
        name: "Group",
        description: "A group of people",
        attributes: [
            .string("displayName", "The name of the group", set: .learner, isRequired: true),
            .members,
        ]
    )
}

extension AttributeDefinition {
    /// `members` of a group (RFC 7643 §4.2).
    ///
    /// `$ref`, `type` and `display` are derived from the member that `value` names: what a client sends for them is
    /// taken and not kept.
    static let members = complex(
        "members",
        "Who is in the group",
        isMultiValued: true,
        [
            .string("value", "The id of the member", isCaseExact: true, mutability: .immutable),
            .reference("$ref", to: ["User", "Group"], "Where the member is", mutability: .immutable),
            .string(
                "type",
                "Whether the member is a person or a group",
                mutability: .immutable,
                canonicalValues: ["User", "Group"]
            ),
            .string("display", "A text to show for the member", mutability: .readOnly),
        ]
    )
}
