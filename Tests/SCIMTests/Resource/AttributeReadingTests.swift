import Testing

@testable import SCIM

@Suite("Reading one value, RFC 7643 §2.3")
struct AttributeReadingTests {
    private func found(_ name: String, _ type: ResourceType.Name = .user) throws -> SchemaSet.Found {
        let path = try #require(AttributePath.parse(name))
        let lookup = SchemaSet.of(type, .full).lookup(
            schema: path.schema,
            name: path.name,
            subAttribute: path.subAttribute
        )
        guard case .known(let found) = lookup else { throw SCIMError.notFound(name) }
        return found
    }

    private func value(_ source: String, _ name: String) throws -> AttributeValue? {
        var reading = AttributeReading(.of(.user, .full))
        return try reading.value(json(source), of: found(name))
    }

    @Test func `a sub-attribute is read by its own type`() throws {
        #expect(try value(#""A""#, "name.givenName") == .simple(.string("A")))
        #expect(try value(#""True""#, "emails.primary") == .simple(.boolean(true)))
        #expect(refusal { _ = try value("true", "emails.value") } == .badRequest(.invalidValue, ""))
        #expect(
            refusal { _ = try value(#"{"value":"x"}"#, "emails.value") } == .badRequest(.invalidValue, "")
        )
    }

    @Test func `the manager's value is text, the manager an object`() throws {
        var manager = ComplexValue()
        manager["value"] = .simple(.string("m"))

        #expect(try value(#""m""#, "manager") == .complex(manager))
        #expect(try value(#""m""#, "manager.value") == .simple(.string("m")))
    }

    @Test func `an element is one value of a list`() throws {
        var reading = AttributeReading(.of(.user, .full))
        var email = ComplexValue()
        email["value"] = .simple(.string("a"))

        #expect(try reading.element(json(#"{"value":"a"}"#), of: found("emails")) == .complex(email))
        #expect(try reading.element(json(#""a""#), of: found("emails")) == .complex(email))
        #expect(try reading.element(json("null"), of: found("emails")) == nil)
    }

    @Test(arguments: [
        (Characteristics.DataType.integer, "7", true), (.integer, "-7", true), (.integer, "7.0", false),
        (.integer, "7e1", false),
        (.integer, #""7""#, false), (.decimal, "7.5e1", true), (.decimal, "true", false),
        (.dateTime, #""2011-05-13T04:42:34Z""#, true), (.dateTime, #""yesterday""#, false),
        (.dateTime, "7", false),
        (.binary, #""AQID""#, true), (.binary, "7", false), (.reference, #""../Users/x""#, true),
        (.reference, "{\"a\":1}", false),
    ])
    func `each type takes its own values`(type: Characteristics.DataType, source: String, isTaken: Bool)
        throws
    {
        let definition = AttributeDefinition.simple("sample", type, "A sample")
        let found = SchemaSet.Found(part: .core, definition: definition, subDefinition: nil)
        var reading = AttributeReading(.of(.user, .full))

        let error = refusal { _ = try reading.value(json(source), of: found) }

        #expect(error == (isTaken ? nil : .badRequest(.invalidValue, "")))
    }
}
