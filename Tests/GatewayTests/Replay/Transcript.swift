import Dialects
import Foundation
import SCIM
import Testing

/// A conversation of one client with the gateway, as its file tells it.
///
/// Each file of `Transcripts` is one; a new case needs no code. It is replayed from an empty store, once for each
/// dialect and set that it names.
///
/// ```
/// {"source": "where the behaviour is documented", "dialects": ["okta"], "sets": ["full"], "steps": [
///   {"method": "POST", "path": "/Users", "body": {…}, "status": 201, "capture": {"id": "/id"}},
///   {"method": "GET", "path": "/Users/{id}", "status": 200, "answer": {"active": true, "title": null}}]}
/// ```
struct Transcript: Sendable, CustomTestStringConvertible {
    /// Folder and file: `okta/deactivate`.
    let name: String
    /// Where the behaviour is documented.
    let source: String
    /// The manner of the connection.
    let dialect: Dialect.Name
    /// What the connection may store and see.
    let attributes: AttributeSet
    /// What is sent and expected, in order.
    let steps: [TranscriptStep]

    /// A file that is no transcript, and why.
    struct Damage: Error, CustomStringConvertible {
        let description: String
    }

    var testDescription: String { "\(name) [\(dialect), \(attributes)]" }

    /// All of them.
    static func all() throws -> [Transcript] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Transcripts")
        let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let files = (walk?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "json" }
        return try files.sorted { $0.path < $1.path }.flatMap { file in
            let client = file.deletingLastPathComponent().lastPathComponent
            let name = "\(client)/\(file.deletingPathExtension().lastPathComponent)"
            do {
                return try reading(JSONReader.read([UInt8](Data(contentsOf: file))), name: name)
            } catch {
                throw Damage(description: "\(name): \(error)")
            }
        }
    }

    /// One transcript for each dialect and set of a file.
    static func reading(_ json: JSONValue, name: String) throws -> [Transcript] {
        let file = try TranscriptObject(json, knowing: ["source", "dialects", "sets", "steps"])
        let steps = try file.required("steps").elements.map(TranscriptStep.init)
        let dialects: [Dialect.Name] = try named(file.required("dialects"))
        let sets: [AttributeSet] = try named(file.required("sets"))
        guard let source = try file.required("source").text, !source.isEmpty, !dialects.isEmpty,
            !sets.isEmpty, !steps.isEmpty
        else { throw Damage(description: "no source, dialect, set or step") }
        return dialects.flatMap { dialect in
            sets.map { set in
                Transcript(name: name, source: source, dialect: dialect, attributes: set, steps: steps)
            }
        }
    }

    private static func named<Value: RawRepresentable<String>>(_ json: JSONValue) throws -> [Value] {
        try json.elements.map { element in
            guard let value = element.text.flatMap(Value.init(rawValue:)) else {
                throw Damage(description: "an unknown dialect or set")
            }
            return value
        }
    }
}

/// An object of a transcript whose members are all known: a misspelt expectation would prove nothing.
struct TranscriptObject {
    private let object: JSONObject

    init(_ json: JSONValue, knowing names: Set<String>) throws {
        guard case .object(let object) = json else { throw Transcript.Damage(description: "no object") }
        if let unknown = object.members.first(where: { !names.contains($0.name) }) {
            throw Transcript.Damage(description: "unknown member \(unknown.name)")
        }
        self.object = object
    }

    subscript(name: String) -> JSONValue? { object[name] }

    func required(_ name: String) throws -> JSONValue {
        guard let value = object[name] else { throw Transcript.Damage(description: "no \(name)") }
        return value
    }

    /// The texts of a member that is an object of texts; none when it is missing.
    func texts(_ name: String) throws -> [(name: String, text: String)] {
        guard let value = object[name] else { return [] }
        guard case .object(let texts) = value else { throw Transcript.Damage(description: "\(name)") }
        return try texts.members.map { member in
            guard let text = member.value.text else { throw Transcript.Damage(description: member.name) }
            return (member.name, text)
        }
    }
}

extension JSONValue {
    /// The text of a string.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array.
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
