import Testing

@testable import SCIM

private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
private let core = "urn:ietf:params:scim:schemas:core:2.0:User"

@Suite("Projection, RFC 7644 §3.9")
struct ProjectionTests {
    private static let user = #"""
        {"userName":"a@b","name":{"givenName":"Ada","familyName":"L"},"active":true,
        "emails":[{"value":"x","type":"work"},{"value":"y"}],"\#(enterprise)":{"department":"Tax",
        "employeeNumber":"1"}}
        """#

    /// What is left of the sample user, without the schemas and the id that are always there.
    private func left(_ attributes: String?, _ excluded: String?) throws -> String {
        let stored = try stored(Self.user, externalID: "e")
        let projection = Projection(attributes: attributes, excludedAttributes: excluded)
        let rendered = text(stored.rendered(locationPrefix: "", projection: projection, set: .full))
        let schemas =
            rendered.contains(#""\#(enterprise)":"#) ? #""\#(core)","\#(enterprise)""# : #""\#(core)""#
        let always = #"{"schemas":[\#(schemas)],"id":"2819c223""#
        #expect(rendered.hasPrefix(always))
        return "{" + rendered.dropFirst(always.utf8.count).drop { $0 == "," }
    }

    @Test(arguments: [
        ("userName", #"{"userName":"a@b"}"#),
        ("USERNAME", #"{"userName":"a@b"}"#),
        (" userName , active ", #"{"userName":"a@b","active":true}"#),
        ("userName,userName,username", #"{"userName":"a@b"}"#),
        ("name", #"{"name":{"givenName":"Ada","familyName":"L"}}"#),
        ("name.familyName", #"{"name":{"familyName":"L"}}"#),
        ("name,name.familyName", #"{"name":{"givenName":"Ada","familyName":"L"}}"#),
        ("name.familyName,NAME.GIVENNAME", #"{"name":{"givenName":"Ada","familyName":"L"}}"#),
        ("name.middleName", "{}"),
        ("emails.type", #"{"emails":[{"type":"work"}]}"#),
        ("emails.value", #"{"emails":[{"value":"x"},{"value":"y"}]}"#),
        ("id", "{}"),
        ("externalId", #"{"externalId":"e"}"#),
        ("meta.version", #"{"meta":{"version":"W/\"3\""}}"#),
        ("password", "{}"),
        ("shoeSize", "{}"),
        ("shoeSize,userName", #"{"userName":"a@b"}"#),
        ("department", "{}"),
        ("\(enterprise):department", #"{"\#(enterprise)":{"department":"Tax"}}"#),
        (enterprise, #"{"\#(enterprise)":{"department":"Tax","employeeNumber":"1"}}"#),
        (enterprise.uppercased(), #"{"\#(enterprise)":{"department":"Tax","employeeNumber":"1"}}"#),
        ("\(core):userName", #"{"userName":"a@b"}"#),
        ("\(core):name.givenName", #"{"name":{"givenName":"Ada"}}"#),
        ("urn:ietf:params:scim:schemas:core:2.0:Group:displayName", "{}"),
        ("not a name,userName", #"{"userName":"a@b"}"#),
    ])
    func `only what is asked for comes, with what always comes`(attributes: String, expected: String) throws {
        #expect(try left(attributes, nil) == expected)
    }

    @Test func `a schema's URI asks for its attributes and not for the common ones`() throws {
        #expect(
            try left(core, nil)
                == joined(
                    #"{"userName":"a@b","name":{"givenName":"Ada","familyName":"L"},"active":true,"#,
                    #""emails":[{"value":"x","type":"work"},{"value":"y"}]}"#
                )
        )
    }

    @Test(arguments: [
        (
            "name.givenName,active,id,schemas,emails,meta,externalId",
            #"{"userName":"a@b","name":{"familyName":"L"},"#
        ),
        ("name.givenName,name.familyName,active,emails,meta,externalId", #"{"userName":"a@b","#),
        ("NAME,Active,EMAILS,meta,externalId,shoeSize", #"{"userName":"a@b","#),
    ])
    func `what is excluded stays away, but never the id`(excluded: String, core: String) throws {
        #expect(
            try left(nil, excluded) == core + #""\#(enterprise)":{"department":"Tax","employeeNumber":"1"}}"#
        )
    }

    @Test func `a whole extension can be excluded, and one sub-attribute of each value`() throws {
        #expect(
            try left(nil, "\(enterprise),emails.type,meta,name,active,externalId")
                == #"{"userName":"a@b","emails":[{"value":"x"},{"value":"y"}]}"#
        )
        #expect(
            try left(nil, "\(enterprise):department,emails,meta,name,active,externalId")
                == #"{"userName":"a@b","\#(enterprise)":{"employeeNumber":"1"}}"#
        )
    }

    @Test(
        arguments: [
            ("userName", nil, false), ("schemas", nil, false), (nil, enterprise, false),
            ("\(enterprise):department", nil, true), (nil, "\(enterprise):department", true),
        ] as [(String?, String?, Bool)]
    )
    func `schemas names those of the attributes that are left`(
        attributes: String?,
        excluded: String?,
        hasExtension: Bool
    ) throws {
        let projection = Projection(attributes: attributes, excludedAttributes: excluded)

        let left = projection.applied(to: try stored(Self.user).view(locationPrefix: ""))

        let expected = hasExtension ? [core, enterprise] : [core]
        #expect(left.core["schemas"] == .multiValued(expected.map { .simple(.string($0)) }))
    }

    @Test func `when both are given attributes decides`() throws {
        #expect(try left("userName,active", "userName") == #"{"userName":"a@b","active":true}"#)
    }

    @Test(
        arguments: [(nil, nil), ("", ""), (" , ", ","), (nil, "shoeSize"), ("", nil)] as [(String?, String?)]
    )
    func `a projection that asks for nothing is empty`(attributes: String?, excluded: String?) {
        #expect(Projection(attributes: attributes, excludedAttributes: excluded).isEmpty)
    }

    @Test(arguments: [("userName", nil), ("shoeSize", nil), (nil, "members")] as [(String?, String?)])
    func `a projection that asks for something is not empty`(attributes: String?, excluded: String?) {
        #expect(!Projection(attributes: attributes, excludedAttributes: excluded).isEmpty)
    }

    @Test func `a group is shown without its members`() throws {
        let group = try stored(#"{"displayName":"G","members":[{"value":"u"}]}"#, .group)
        let projection = Projection(attributes: nil, excludedAttributes: "members")

        let rendered = text(group.rendered(locationPrefix: "", projection: projection, set: .full))

        #expect(rendered.contains(#""displayName":"G","meta""#))
    }

    @Test func `a list of a hundred thousand names is boiled down to those that schemas know`() throws {
        let names = (0..<100_000).map { "x\($0)" } + ["userName"]
        let projection = Projection(attributes: names, excluded: nil)
        let resource = try stored(Self.user)

        for _ in 0..<1_000 { _ = projection.applied(to: resource.view(locationPrefix: "")) }

        #expect(
            projection.applied(to: resource.view(locationPrefix: "")).core.entries.map(\.name) == [
                "schemas", "id", "userName",
            ]
        )
    }
}
