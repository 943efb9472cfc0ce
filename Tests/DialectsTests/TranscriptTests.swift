import Foundation
import SCIM
import Testing

@testable import Dialects

/// One recorded exchange: what a client sends, and what must come of it.
///
/// A new case needs no code.
///
/// ```
/// {"source": "…", "dialect": "entra", "rule": "replaceCreatesMissingTarget", "set": "full", "type": "User",
///  "before": {…}, "patch": {…}, "after": {…} or "error": "noTarget", "status": 200}
/// ```
struct Transcript: CustomTestStringConvertible, Sendable {
    let name: String
    let json: JSONObject

    var testDescription: String { name }

    /// A file that is no JSON object.
    struct Damage: Error {
        let name: String
    }

    static func all() throws -> [Transcript] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Transcripts")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL]
            ?? []
        return try files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { file in
            let client = file.deletingLastPathComponent().lastPathComponent
            let name = "\(client)/\(file.lastPathComponent)"
            guard case .object(let object) = try JSONReader.read([UInt8](Data(contentsOf: file))) else {
                throw Damage(name: name)
            }
            return Transcript(name: name, json: object)
        }
    }

    func text(_ name: String) -> String? {
        guard case .string(let text)? = json[name] else { return nil }
        return text
    }

    func value(_ name: String) throws -> JSONValue {
        try #require(json[name])
    }

    var dialect: Dialect {
        get throws { .named(try #require(Dialect.Name(rawValue: text("dialect") ?? ""))) }
    }

    var set: AttributeSet {
        get throws { try #require(AttributeSet(rawValue: text("set") ?? "")) }
    }

    var type: ResourceType.Name {
        get throws { try #require(ResourceType.Name(rawValue: text("type") ?? "")) }
    }
}

@Suite("Client dialects, as their transcripts show them")
struct TranscriptTests {
    @Test(arguments: try Transcript.all())
    func `a transcript replays to its outcome`(transcript: Transcript) throws {
        let (set, type) = (try transcript.set, try transcript.type)
        let before = try Resource.reading(transcript.value("before"), type: type, set: set).resource
        var writer = JSONWriter()
        writer.value(try transcript.value("patch"))

        let operation = try Interpretation(dialect: transcript.dialect, attributeSet: set)
            .patch(of: type, ResourceID("1"), body: writer.bytes.span, .none).operation

        guard case .patch(_, _, let request, let rules, _) = operation else {
            Issue.record("expected a PATCH")
            return
        }
        if let error = transcript.text("error") {
            let refused = #expect(throws: SCIMError.self) {
                try Patch.apply(request, to: before, set: set, rules: rules)
            }
            #expect(refused?.kind?.rawValue == error)
            return
        }
        let after = try Resource.reading(transcript.value("after"), type: type, set: set).resource
        let patched = try Patch.apply(request, to: before, set: set, rules: rules).resource
        #expect(patched == after)
        #expect(try status(of: patched, operation, transcript) == transcript.text("status"))
    }

    @Test func `every rule has a transcript of a client that has it, and of one that has not`() throws {
        for rule in DialectRule.allCases {
            let clients = try Transcript.all().filter { $0.text("rule") == rule.rawValue }.map {
                try $0.dialect
            }
            #expect(clients.contains { $0.has(rule) }, "\(rule) has no transcript")
            #expect(clients.contains { !$0.has(rule) }, "\(rule) has no counterexample")
        }
    }

    @Test func `every transcript tells where its client is documented`() throws {
        for transcript in try Transcript.all() {
            #expect(transcript.text("source")?.isEmpty == false, "\(transcript.name)")
        }
    }

    @Test(arguments: DialectRule.allCases)
    func `every rule cites a place in a document that its transcripts name too`(rule: DialectRule) throws {
        let sources = try Transcript.all().filter { $0.text("rule") == rule.rawValue }.compactMap {
            $0.text("source")
        }

        #expect(!rule.citation.document.isEmpty && !rule.citation.place.isEmpty)
        #expect(sources.contains { $0.contains(rule.citation.document) })
    }

    @Test func `a dialect has exactly the rules that name it`() {
        for name in Dialect.Name.allCases {
            #expect(
                Dialect.named(name).rules == Set(DialectRule.allCases.filter { $0.clients.contains(name) })
            )
        }
        #expect(Dialect.named(.generic).rules.isEmpty)
    }

    /// The status that the client gets for the patched resource.
    private func status(of resource: Resource, _ operation: SCIMOperation, _ transcript: Transcript) throws
        -> String
    {
        let rendering = try Rendering(
            dialect: transcript.dialect,
            attributeSet: transcript.set,
            locationPrefix: "https://scim.example/scim/v2"
        )
        let projection = Projection(attributes: transcript.text("attributes"), excludedAttributes: nil)
        let isShown = rendering.members(shownFor: operation, projection) != .none
        let validated = try Validation.validate(resource, set: transcript.set)
        let time = Timestamp(milliseconds: 0)
        let document = validated.document(
            id: ResourceID("1"),
            version: ResourceVersion(2),
            created: time,
            lastModified: time
        )
        let stored = StoredResource(
            type: resource.type,
            id: ResourceID("1"),
            version: ResourceVersion(2),
            created: time,
            lastModified: time,
            document: document.bytes,
            splices: document.splices,
            writtenSet: try transcript.set,
            externalID: nil,
            groups: [],
            members: isShown ? [] : nil,
            managerReference: nil
        )
        return "\(rendering.rendered(.changed(stored, isStored: true, notes: []), projection).status)"
    }
}
