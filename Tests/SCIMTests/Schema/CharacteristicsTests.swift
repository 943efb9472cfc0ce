import Testing

@testable import SCIM

/// Each test walks every attribute and sub-attribute, and asks what the schema says of it and nothing else.
@Suite("Characteristics rule, RFC 7643 §2.2 and §7")
struct CharacteristicsTests {
    private func read(_ body: String, _ type: ResourceType.Name) throws -> Resource.Reading {
        try Resource.reading(json(body), type: type, set: .full)
    }

    private func patched(_ body: String, _ operation: String, _ type: ResourceType.Name) throws
        -> PatchedResource
    {
        try PatchedResource(body, "[\(operation)]", type: type)
    }

    private static let empty: [ResourceType.Name: String] = [
        .user: #"{"userName":"r"}"#, .group: #"{"displayName":"r"}"#,
    ]

    // MARK: - Type, canonicalValues

    @Test(arguments: SchemaPlace.ofDocuments.filter(\.isWritable))
    func `a value of another type is refused, in a body and in a PATCH`(place: SchemaPlace) throws {
        for value in place.wrongValues {
            let operation = #"{"op":"add","path":"\#(place.path)","value":\#(value)}"#

            #expect(
                refusal { _ = try read(place.body(value), place.type) } == .badRequest(.invalidValue, ""),
                "\(value)"
            )
            // A PATCH takes one value for a list of one, and a text for the value that is named by it.
            if place.isSimple {
                let refused = refusal { _ = try patched(Self.empty[place.type] ?? "", operation, place.type) }
                #expect(refused == .badRequest(.invalidValue, ""), "\(value)")
            }
        }
    }

    @Test(arguments: SchemaPlace.ofDocuments.filter { $0.isWritable && $0.isSimple })
    func `a value of its type is kept as it is, canonical or not`(place: SchemaPlace) throws {
        for (value, kept) in place.rightValues {
            let resource = try read(place.body(value), place.type).resource
            let operation = #"{"op":"add","path":"\#(place.path)","value":\#(value)}"#
            let after = try patched(Self.empty[place.type] ?? "", operation, place.type)

            #expect(place.value(in: resource) == .simple(kept))
            #expect(place.value(in: after.resource) == .simple(kept))
            #expect(after.notes.isEmpty)
        }
    }

    // MARK: - Mutability

    @Test(arguments: SchemaPlace.ofDocuments.filter { $0.definition.mutability == .readOnly })
    func `what is read-only is passed over in a body, and refused as the path of a PATCH`(place: SchemaPlace)
        throws
    {
        for value in ["7", #""x""#, #"[{"value":"x"}]"#, "true"] {
            let reading = try read(place.body(value), place.type)

            #expect(place.value(in: reading.resource) == nil)
            #expect(reading.notes.isEmpty)
        }
        for op in PatchOperation.Op.allCases {
            let operation = #"{"op":"\#(op)","path":"\#(place.path)","value":"x"}"#
            let refused = refusal { _ = try patched(Self.empty[place.type] ?? "", operation, place.type) }
            // `schemas` follows from the attributes: PatchTarget says why naming it is no error.
            let isPassedOver = place.definition.name == "schemas"
            #expect(refused == (isPassedOver ? nil : .badRequest(.mutability, "")), "\(op)")
        }
    }

    @Test(arguments: SchemaPlace.all.filter { $0.definition.mutability == .writeOnly })
    func `what is write-only is taken, and neither kept nor shown nor searched`(place: SchemaPlace) throws {
        let reading = try read(place.body(#""Sesame""#), place.type)
        let after = try patched(
            Self.empty[place.type] ?? "",
            #"{"op":"replace","path":"\#(place.path)","value":"Sesame"}"#,
            place.type
        )

        #expect(place.value(in: reading.resource) == nil && place.value(in: after.resource) == nil)
        #expect(reading.notes == [Note(.dropped, place.path)] && after.notes == reading.notes)
        #expect(place.definition.returned == .never)
    }

    @Test func `only members have immutable parts, so no document needs a rule for them in PUT`() {
        // A whole attribute that cannot change would need one (RFC 7644 §3.5.1).
        #expect(!SchemaPlace.ofDocuments.contains { $0.definition.mutability == .immutable })
    }

    // MARK: - Members, which are edits and no part of the document

    @Test(arguments: SchemaPlace.all.filter { $0.found.isOfMembers && $0.found.subDefinition != nil })
    func `a part of a member has its type, and is not written by itself`(place: SchemaPlace) throws {
        let name = place.definition.name
        for value in place.wrongValues where place.definition.mutability != .readOnly {
            let id = name == "value" ? "" : #""value":"m","#
            let body = #"{"displayName":"r","members":[{\#(id)"\#(name)":\#(value)}]}"#
            let refused = refusal { _ = try read(body, .group) }
            #expect(refused == .badRequest(.invalidValue, ""), "\(value)")
        }
        for path in ["members.\(name)", #"members[value eq \"m\"].\#(name)"#] {
            let operation = #"{"op":"replace","path":"\#(path)","value":"other"}"#
            let refused = refusal { _ = try patched(Self.empty[.group] ?? "", operation, .group) }
            #expect(refused == .badRequest(.mutability, ""), "\(path)")
        }
    }

    @Test func `the members of a body are a list`() {
        for value in [#""m""#, "7", "true", #"{"value":"m"}"#] {
            let refused = refusal { _ = try read(#"{"displayName":"r","members":\#(value)}"#, .group) }
            #expect(refused == .badRequest(.invalidValue, ""), "\(value)")
        }
        #expect(refusal { _ = try read(#"{"displayName":"r","members":[{"value":"m"}]}"#, .group) } == nil)
    }

    // MARK: - Required, primary

    @Test(arguments: SchemaPlace.all.filter { $0.definition.isRequired && $0.isWritable })
    func `what is required must have a value, and cannot be removed`(place: SchemaPlace) throws {
        let without = try read(place.body("null"), place.type).resource
        let removal = #"{"op":"remove","path":"\#(place.path)"}"#

        #expect(
            refusal { _ = try Validation.validate(without, set: .full) } == .badRequest(.invalidValue, "")
        )
        #expect(
            refusal { _ = try patched(place.body(#""x""#), removal, place.type) }
                == .badRequest(.mutability, "")
        )
    }

    @Test func `a required part is asked of each value that is there`() throws {
        let part = AttributeDefinition.string("value", "A part", isRequired: true)
        let other = AttributeDefinition.string("type", "Another")
        let list = AttributeDefinition.complex("things", "A list", isMultiValued: true, [part, other])
        let values = { (parts: [AttributeName]) -> ComplexValue in
            var complex = ComplexValue()
            for name in parts { complex[name] = .simple(.string("x")) }
            var result = ComplexValue()
            result["things"] = .multiValued([.complex(complex)])
            return result
        }

        try Validation.requireRequired([list], in: ComplexValue())
        try Validation.requireRequired([list], in: values(["value", "type"]))
        let refused = refusal { try Validation.requireRequired([list], in: values(["type"])) }

        #expect(refused == .badRequest(.invalidValue, ""))
        #expect(refused?.detail.contains("things.value") == true)
    }

    @Test(arguments: SchemaPlace.all.filter { $0.found.subDefinition?.name == "primary" })
    func `one value of a list is primary at most, and a PATCH moves the mark`(place: SchemaPlace) throws {
        let name = place.found.definition.name
        let text = place.found.definition.subAttributes[0].name
        let element = { (value: String) in #"{"\#(text)":"\#(value)","primary":true}"# }
        let list = { (elements: String) in #"{"userName":"r","\#(name)":[\#(elements)]}"# }
        let two = try read(list(element("AQID") + "," + element("AQIE")), place.type).resource

        let moved = try patched(
            list(element("AQID")),
            #"{"op":"add","path":"\#(name)","value":[\#(element("AQIE"))]}"#,
            place.type
        ).resource

        #expect(refusal { _ = try Validation.validate(two, set: .full) } == .badRequest(.invalidValue, ""))
        #expect(
            moved.attributes[name]?.elements.map { $0.part("primary") }
                == [.simple(.boolean(false)), .simple(.boolean(true))]
        )
    }

    // MARK: - CaseExact, uniqueness, returned

    @Test(
        arguments: SchemaPlace.all.filter {
            [.string, .reference, .binary].contains($0.definition.type) && $0.definition.returned != .never
        }
    )
    func `a filter regards case where the schema says so`(place: SchemaPlace) throws {
        let value = place.definition.isMultiValued ? #"["Text"]"# : #""Text""#
        let view = try FilteredResource.view(place.body(value), type: place.type)

        #expect(try FilteredResource.matches(#"\#(place.path) eq "Text""#, view, .full))
        #expect(
            try FilteredResource.matches(#"\#(place.path) eq "tEXT""#, view, .full)
                == !place.definition.isCaseExact
        )
        #expect(try !FilteredResource.matches(#"\#(place.path) eq "other""#, view, .full))
    }

    @Test(arguments: SchemaPlace.all.filter { $0.definition.returned == .never })
    func `what is never returned is in no answer, and in no filter`(place: SchemaPlace) throws {
        var core = ComplexValue()
        core[place.found.definition.name] = .simple(.string("Sesame"))
        let view = ResourceView(type: place.type, core: core)

        for projection in [
            Projection(attributes: place.path, excludedAttributes: nil),
            Projection(attributes: nil, excludedAttributes: "title"),
        ] {
            #expect(projection.applied(to: view).core.isEmpty)
        }
        for filter in ["\(place.path) pr", #"\#(place.path) sw "S""#, #"not (\#(place.path) eq "x")"#] {
            #expect(
                refusal { _ = try FilteredResource.resolve(filter, place.type, .full) }
                    == .badRequest(.invalidFilter, "")
            )
        }
    }

    @Test(arguments: SchemaPlace.all.filter { $0.definition.returned == .always })
    func `what is always returned is in every answer`(place: SchemaPlace) throws {
        let view = try stored(Self.empty[place.type] ?? "", place.type).view(locationPrefix: "")

        for projection in [
            Projection(attributes: "meta.created", excludedAttributes: nil),
            Projection(attributes: nil, excludedAttributes: place.path),
        ] {
            #expect(projection.applied(to: view).core[place.found.definition.name] != nil)
        }
    }

    @Test func `what stores and answers rely on is true of every attribute`() {
        let unique = SchemaPlace.all.filter { $0.definition.uniqueness != .none }.map(\.path)
        let onRequest = SchemaPlace.all.filter { $0.definition.returned == .request }.map(\.path)
        let special = SchemaPlace.all.filter { place in
            place.found.subDefinition.map { $0.returned != .default || $0.isMultiValued } ?? false
        }

        // Stores have an index for each, and no rule for another.
        #expect(Set(unique) == ["id", "userName"])
        // A whole resource is answered with its stored bytes: none of them may be left out.
        #expect(onRequest.isEmpty)
        // Projection looks at the characteristic of whole attributes, reading at lists of them.
        #expect(special.map(\.path).isEmpty)
    }
}
