import Testing

@testable import SCIM

@Suite("What a body says of what the service sets, RFC 7644 §3.5.1")
struct ReadOnlyValuesTests {
    private func notes(_ body: String) throws -> [Note] {
        let groups = [
            GroupReference(id: ResourceID("g1"), display: "Staff"),
            GroupReference(id: ResourceID("g2"), display: "Drivers"),
        ]
        let there = try stored(#"{"userName":"ada@example.com"}"#, groups: groups)
        let reading = try Resource.reading(json(body), type: .user, set: .full)
        #expect(reading.notes.isEmpty)
        return reading.readOnly.notes(on: there)
    }

    @Test(arguments: [
        "{}", #"{"id":"2819c223"}"#, #"{"ID":"2819c223"}"#, #"{"id":null,"groups":[]}"#,
        #"{"groups":[{"value":"g1","$ref":"x","display":"Old name"},{"value":"g2"}]}"#,
        #"{"groups":[{"Value":"g2"},{"value":"g1"}]}"#,
        #"{"schemas":["urn:example:other"],"meta":{"resourceType":"Robot","version":"W/\"0\""}}"#,
    ])
    func `what is sent back as it was read asks for nothing`(body: String) throws {
        #expect(try notes(body).isEmpty)
    }

    @Test(arguments: [
        (#"{"id":"other"}"#, ["id"]), (#"{"id":7}"#, ["id"]), (#"{"groups":[{"value":"g1"}]}"#, ["groups"]),
        (#"{"groups":[{"value":"g1"},{"value":"g2"},{"value":"g3"}]}"#, ["groups"]),
        (#"{"groups":["g1","g2"]}"#, ["groups"]), (#"{"groups":"g1"}"#, ["groups"]),
        (#"{"id":"2819C223","groups":[{"display":"Staff"}]}"#, ["id", "groups"]),
    ])
    func `another value is dropped, and noted`(body: String, names: [String]) throws {
        #expect(try notes(body) == names.map { Note(.dropped, $0) })
    }
}
