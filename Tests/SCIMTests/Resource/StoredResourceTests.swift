import Testing

@testable import SCIM

private let prefix = "https://scim.example.com/scim/v2"
private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

/// A stored resource as a store would give it.
func stored(
    _ body: String,
    _ type: ResourceType.Name = .user,
    set: AttributeSet = .full,
    externalID: String? = nil,
    groups: [GroupReference] = [],
    manager: ManagerReference? = nil
) throws -> StoredResource {
    let resource = try Resource.reading(json(body), type: type, set: set).resource
    let validated = try Validation.validate(resource, set: set)
    let created = Timestamp(milliseconds: 1_300_000_000_000)
    let lastModified = Timestamp(milliseconds: 1_300_000_060_000)
    let id = ResourceID("2819c223")
    let (document, splices) = validated.document(
        id: id,
        version: ResourceVersion(3),
        created: created,
        lastModified: lastModified
    )
    return StoredResource(
        type: type,
        id: id,
        version: ResourceVersion(3),
        created: created,
        lastModified: lastModified,
        document: document,
        splices: splices,
        writtenSet: set,
        externalID: externalID,
        groups: groups,
        managerReference: manager
    )
}

@Suite("Documents and their two ways out")
struct StoredResourceTests {
    private static let user = #"""
        {"userName":"ada@example.com","name":{"givenName":"Ada"},"active":true,
        "\#(enterprise)":{"department":"Tax","manager":{"value":"Boss"},"division":"N"}}
        """#
    private static let groups = [
        GroupReference(id: ResourceID("g1"), display: "Head \"office\""),
        GroupReference(id: ResourceID("g2"), display: "X"),
    ]
    private static let manager = ManagerReference(id: ResourceID("m1"), displayName: "Grace Hopper")

    @Test func `a resource without spare room has the same bytes, and hardly more memory than them`() throws {
        let written = try stored(#"{"userName":"ada@example.com"}"#)

        let kept = written.withoutSpareRoom

        #expect(written.document.capacity > 2 * written.document.count)
        #expect(kept.document.capacity < kept.document.count + 64)
        #expect(kept.document == written.document)
        #expect(kept.rendered(locationPrefix: prefix) == written.rendered(locationPrefix: prefix))
    }

    @Test func `a document is read as it was written, whatever is asked of texts today`() throws {
        let body = #"{"userName":"ada@example.com","profileUrl":"https://x.example/a"}"#
        let written = try stored(body)
        let old = StoredResource(
            type: .user,
            id: written.id,
            version: written.version,
            created: written.created,
            lastModified: written.lastModified,
            document: Array(text(written.document).replacing("x.example/a", with: "x.example a").utf8),
            splices: written.splices,
            writtenSet: .full,
            externalID: nil,
            groups: [],
            managerReference: nil
        )

        #expect(try old.resource().attributes.string("profileUrl") == "https://x.example a")
        #expect(
            refusal {
                _ = try Resource.reading(JSONReader.read(old.document), type: .user, set: .full)
            } == .badRequest(.invalidValue, "")
        )
    }

    @Test func `a document holds what was written, and where the rest goes`() throws {
        let stored = try stored(Self.user)

        #expect(
            text(stored.document)
                == joined(
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","\#(enterprise)"],"#,
                    #""id":"2819c223","#,
                    #""userName":"ada@example.com","name":{"givenName":"Ada"},"active":true,"#,
                    #""\#(enterprise)":{"department":"Tax","manager":{"value":"Boss"},"division":"N"},"#,
                    #""meta":{"resourceType":"User","created":"2011-03-13T07:06:40.000Z","#,
                    #""lastModified":"2011-03-13T07:07:40.000Z","version":"W/\"3\""}}"#
                )
        )
    }

    @Test func `what is derived is spliced in at its places`() throws {
        let stored = try stored(Self.user, externalID: "e\"1", groups: Self.groups, manager: Self.manager)

        #expect(
            text(stored.rendered(locationPrefix: prefix))
                == joined(
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","\#(enterprise)"],"#,
                    #""id":"2819c223","#,
                    #""externalId":"e\"1","userName":"ada@example.com","name":{"givenName":"Ada"},"#,
                    #""active":true,"#,
                    #""\#(enterprise)":{"department":"Tax","manager":{"value":"Boss","#,
                    #""$ref":"https://scim.example.com/scim/v2/Users/m1","displayName":"Grace Hopper"},"#,
                    #""division":"N"},"#,
                    #""groups":[{"value":"g1","$ref":"https://scim.example.com/scim/v2/Groups/g1","#,
                    #""display":"Head \"office\"","type":"direct"},"#,
                    #"{"value":"g2","$ref":"https://scim.example.com/scim/v2/Groups/g2","display":"X","#,
                    #""type":"direct"}],"#,
                    #""meta":{"resourceType":"User","created":"2011-03-13T07:06:40.000Z","#,
                    #""lastModified":"2011-03-13T07:07:40.000Z","version":"W/\"3\"","#,
                    #""location":"https://scim.example.com/scim/v2/Users/2819c223"}}"#
                )
        )
    }

    @Test func `without derived values there is only the location`() throws {
        let stored = try stored(#"{"userName":"a@b"}"#)

        #expect(
            text(stored.rendered(locationPrefix: prefix))
                == joined(
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","#,
                    #""userName":"a@b","#,
                    #""meta":{"resourceType":"User","created":"2011-03-13T07:06:40.000Z","#,
                    #""lastModified":"2011-03-13T07:07:40.000Z","version":"W/\"3\"","#,
                    #""location":"https://scim.example.com/scim/v2/Users/2819c223"}}"#
                )
        )
    }

    @Test func `a manager who is not known stays as sent`() throws {
        let rendered = text(try stored(Self.user).rendered(locationPrefix: prefix))

        #expect(rendered.contains(#""manager":{"value":"Boss"}"#))
    }

    @Test func `a manager reference without a manager in the document is not shown`() throws {
        let stored = try stored(#"{"userName":"a@b"}"#, manager: Self.manager)

        #expect(!text(stored.rendered(locationPrefix: prefix)).contains("manager"))
        #expect(stored.view(locationPrefix: prefix).enterprise.isEmpty)
    }

    @Test func `a rendered resource is read without a parse`() throws {
        let stored = try stored(Self.user, externalID: "e", groups: Self.groups, manager: Self.manager)
        let counter = ParseCounter()

        JSONReader.$observer.withValue(counter) {
            _ = stored.rendered(locationPrefix: prefix)
            _ = stored.rendered(locationPrefix: prefix, projection: .all, set: .full)
        }

        #expect(counter.count == 0)
    }

    // MARK: - Both ways give the same bytes

    @Test(arguments: [
        ("rfc7643-8.1-minimal-user", ResourceType.Name.user), ("rfc7643-8.2-full-user", .user),
        ("rfc7643-8.3-enterprise-user", .user), ("rfc7643-8.4-group", .group),
        ("entra-create-user-with-nulls", .user),
    ])
    func `the parsed way and the spliced way give the same bytes`(name: String, type: ResourceType.Name)
        throws
    {
        let body = text(try Sample.bytes(name))
        for set in AttributeSet.allCases {
            for externalID in [nil, "701984"] {
                for groups in type == .user ? [[], Self.groups] : [[]] {
                    for manager in [nil, Self.manager] {
                        let stored = try stored(
                            body,
                            type,
                            set: set,
                            externalID: externalID,
                            groups: groups,
                            manager: manager
                        )

                        let spliced = stored.rendered(locationPrefix: prefix)
                        let parsed = stored.renderedByParsing(
                            locationPrefix: prefix,
                            projection: .all,
                            set: set
                        )

                        #expect(text(parsed) == text(spliced))
                    }
                }
            }
        }
    }

    @Test func `values that need escapes come out of both ways alike`() throws {
        let stored = try stored(
            joined(
                #"{"userName":"ä@b","name":{"givenName":"\"\\\/\u0001\t👩‍🚀e\u0301\u202e"},"#,
                #""emails":[{"value":"x","primary":"True"}]}"#
            ),
            externalID: "\u{1}\"",
            groups: [GroupReference(id: ResourceID("g"), display: "\n")]
        )

        let spliced = stored.rendered(locationPrefix: prefix)

        #expect(stored.renderedByParsing(locationPrefix: prefix, projection: .all, set: .full) == spliced)
        #expect(throws: Never.self) { try JSONReader.read(spliced) }
    }

    // MARK: - A narrower set

    @Test func `a learner connection sees of a full document what its set holds`() throws {
        let stored = try stored(
            text(Sample.bytes("rfc7643-8.2-full-user")),
            externalID: "x",
            groups: Self.groups
        )

        let seen = text(stored.rendered(locationPrefix: prefix, projection: .all, set: .learner))

        #expect(
            seen.hasPrefix(
                joined(
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","#,
                    #""externalId":"x","#,
                    #""userName":"bjensen@example.com","name":{"familyName":"Jensen","#,
                    #""givenName":"Barbara"},"#,
                    #""preferredLanguage":"en-US","locale":"en-US","timezone":"America/Los_Angeles","#,
                    #""active":true,"groups":["#
                )
            )
        )
        #expect(seen.contains(#""meta":{"resourceType":"User""#))
    }

    @Test func `an extension of which nothing is seen is not in schemas`() throws {
        let stored = try stored(#"{"userName":"a@b","\#(enterprise)":{"division":"N"}}"#)

        #expect(
            !text(stored.rendered(locationPrefix: prefix, projection: .all, set: .learner)).contains(
                "enterprise"
            )
        )
        #expect(
            text(stored.rendered(locationPrefix: prefix, projection: .all, set: .full)).contains("division")
        )
    }

    // MARK: - Back to a resource

    @Test(arguments: AttributeSet.allCases)
    func `the resource comes back as it was written, with the external id`(set: AttributeSet) throws {
        let body = text(try Sample.bytes("rfc7643-8.3-enterprise-user"))
        let written = try Resource.reading(json(body), type: .user, set: set).resource

        let stored = try stored(
            body,
            set: set,
            externalID: "701984",
            groups: Self.groups,
            manager: Self.manager
        )

        #expect(try stored.resource() == written)
    }

    @Test func `a view holds everything that a filter can ask for`() throws {
        let view = try stored(Self.user, externalID: "e", groups: Self.groups, manager: Self.manager)
            .view(locationPrefix: prefix)

        #expect(view[.core, "id"] == .simple(.string("2819c223")))
        #expect(view[.core, "externalId"] == .simple(.string("e")))
        #expect(view.core.complex("meta")?.string("lastModified") == "2011-03-13T07:07:40.000Z")
        #expect(view.core.complex("meta")?.string("version") == "W/\"3\"")
        #expect(view.core.values(of: "groups") == ["g1", "g2"])
        #expect(view.enterprise.complex("manager")?.string("displayName") == "Grace Hopper")
        #expect(view.core.entries.first?.name == "schemas")
    }

    @Test func `a damaged document is refused for writing and has no attributes for reading`() throws {
        let sound = try stored(Self.user)
        let damaged = StoredResource(
            type: .user,
            id: sound.id,
            version: sound.version,
            created: sound.created,
            lastModified: sound.lastModified,
            document: Array(sound.document.dropLast(5)),
            splices: sound.splices,
            writtenSet: .full,
            externalID: nil,
            groups: [],
            managerReference: nil
        )

        #expect(refusal { _ = try damaged.resource() }?.status == 500)
        #expect(damaged.view(locationPrefix: prefix).core.entries.map(\.name) == ["schemas", "id", "meta"])
    }

    @Test func `the location is below the prefix`() throws {
        #expect(try stored(#"{"userName":"a@b"}"#).location(prefix) == "\(prefix)/Users/2819c223")
        #expect(try stored(#"{"displayName":"G"}"#, .group).location(prefix) == "\(prefix)/Groups/2819c223")
    }
}
