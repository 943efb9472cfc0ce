extension Schema {
    /// The core User schema (RFC 7643 §4.1, §8.7.1).
    ///
    /// Where §8.7.1 contradicts the text of the RFC the text is followed, and a comment says so there.
    /// Descriptions are our own.
    package static let user = Schema(
        uri: .user,
        name: "User",
        description: "A person",
        attributes: singularUserAttributes + pluralUserAttributes
    )

    private static let singularUserAttributes: [AttributeDefinition] = [
        .string(
            "userName",
            "The name by which the person signs in, unique without regard to case",
            set: .learner,
            isRequired: true,
            uniqueness: .server
        ),
        .complex(
            "name",
            "The parts of the person's name",
            set: .learner,
            [
                .string("formatted", "The whole name, ready to be shown"),
                .string("familyName", "The family name, or last name", set: .learner),
                .string("givenName", "The given name, or first name", set: .learner),
                .string("middleName", "The middle names"),
                .string("honorificPrefix", "What stands before the name, such as Ms."),
                .string("honorificSuffix", "What stands after the name, such as III"),
            ]
        ),
        .string("displayName", "The name to show to others"),
        .string("nickName", "What the person is called in daily life"),
        .reference("profileUrl", to: ["external"], "A page about the person"),
        .string("title", "The position, such as Vice President"),
        .string("userType", "The relation to the organization, such as Contractor"),
        .string("preferredLanguage", "The preferred languages, as in Accept-Language", set: .learner),
        .string("locale", "The locale for numbers, dates and currency, such as en-US", set: .learner),
        .string("timezone", "The time zone by its IANA name, such as Europe/London", set: .learner),
        .simple("active", .boolean, "Whether the person may use the service", set: .learner),
        .string(
            "password",
            "Accepted and not kept: people sign in at the identity provider",
            mutability: .writeOnly,
            returned: .never
        ),
    ]

    private static let pluralUserAttributes: [AttributeDefinition] = [
        .plural(
            "emails",
            "E-mail addresses",
            value: .string("value", "The address"),
            types: ["work", "home", "other"]
        ),
        .plural(
            "phoneNumbers",
            "Telephone numbers",
            value: .string("value", "The number, as in RFC 3966"),
            types: ["work", "home", "mobile", "fax", "pager", "other"]
        ),
        .plural(
            "ims",
            "Addresses for instant messages",
            value: .string("value", "The address"),
            types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]
        ),
        .plural(
            "photos",
            "Pictures of the person",
            value: .reference("value", to: ["external"], "Where the picture is"),
            types: ["photo", "thumbnail"]
        ),
        .complex(
            "addresses",
            "Postal addresses",
            isMultiValued: true,
            [
                .string("formatted", "The whole address, ready for a label"),
                .string("streetAddress", "Street, number and what else the street line holds"),
                .string("locality", "The city"),
                .string("region", "The state or region"),
                .string("postalCode", "The postal code"),
                .string("country", "The country by its ISO 3166-1 alpha-2 code"),
                .string("type", "What the address is used for", canonicalValues: ["work", "home", "other"]),
                // §8.7.1 leaves it out; §2.4 gives it to every list, and the sample of §8.2 has it.
                .simple("primary", .boolean, "Whether this is the preferred address; true at most once"),
            ]
        ),
        .complex(
            "groups",
            "The groups that the person is in",
            set: .learner,
            isMultiValued: true,
            mutability: .readOnly,
            [
                // An id, and ids are case exact (§3.1): §8.7.1 prints false.
                .string(
                    "value",
                    "The id of the group",
                    set: .learner,
                    isCaseExact: true,
                    mutability: .readOnly
                ),
                // §8.7.1 has User beside Group; only a group has members (§4.1.2).
                .reference(
                    "$ref",
                    to: ["Group"],
                    "Where the group is",
                    set: .learner,
                    mutability: .readOnly
                ),
                .string("display", "The group's displayName", set: .learner, mutability: .readOnly),
                .string(
                    "type",
                    "Whether the person is a member itself, or through another group",
                    set: .learner,
                    mutability: .readOnly,
                    canonicalValues: ["direct", "indirect"]
                ),
            ]
        ),
        .plural(
            "entitlements",
            "What the person may use",
            value: .string("value", "The entitlement"),
            types: []
        ),
        .plural("roles", "The person's roles", value: .string("value", "The role"), types: []),
        .plural(
            "x509Certificates",
            "Certificates of the person",
            value: .simple("value", .binary, "The certificate: DER, in base64"),
            types: []
        ),
    ]
}

extension AttributeDefinition {
    /// A list of values with the sub-attributes that RFC 7643 §2.4 gives to all such lists.
    fileprivate static func plural(
        _ name: AttributeName,
        _ description: String,
        value: AttributeDefinition,
        types: [String]
    ) -> AttributeDefinition {
        .complex(
            name,
            description,
            isMultiValued: true,
            [
                value,
                .string("display", "A text to show for the value"),
                .string("type", "What the value is used for", canonicalValues: types),
                .simple("primary", .boolean, "Whether this is the preferred value; true at most once"),
            ]
        )
    }
}
