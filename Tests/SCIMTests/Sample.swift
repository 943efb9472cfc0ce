import Foundation

@testable import SCIM

/// The files of `Samples`, named by the section or client that they come from.
enum Sample {
    /// Resources, small enough to be cut at every byte.
    static let resources = [
        "entra-create-user-with-nulls", "rfc7643-8.1-minimal-user", "rfc7643-8.2-full-user",
        "rfc7643-8.3-enterprise-user",
        "rfc7643-8.4-group",
    ]

    /// No file, or no member of one, has that name.
    struct Missing: Error {}

    /// Those whose names begin so, without `.json`: all of them when nothing is asked.
    static func names(beginning prefix: String = "") throws -> [String] {
        guard let folder = Bundle.module.url(forResource: "Samples", withExtension: nil) else {
            throw Missing()
        }
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return files.map { $0.deletingPathExtension().lastPathComponent }.filter { $0.hasPrefix(prefix) }
            .sorted()
    }

    /// The bytes of one.
    static func bytes(_ name: String) throws -> [UInt8] {
        guard let file = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Samples")
        else {
            throw Missing()
        }
        return Array(try Data(contentsOf: file))
    }

    /// One, parsed.
    static func json(_ name: String) throws -> JSONValue {
        try JSONReader.read(bytes(name))
    }

    /// The members of one that is an object.
    static func object(_ name: String) throws -> JSONObject {
        guard case .object(let object) = try json(name) else { throw Missing() }
        return object
    }
}

extension JSONObject {
    /// A member that is an object.
    func object(_ name: String) throws -> JSONObject {
        guard case .object(let object) = self[name] else { throw Sample.Missing() }
        return object
    }

    /// The objects of a member that is a list; none when it is missing.
    func objects(_ name: String) throws -> [JSONObject] {
        guard case .array(let elements)? = self[name] else { return [] }
        return try elements.map { element in
            guard case .object(let object) = element else { throw Sample.Missing() }
            return object
        }
    }

    /// A member that is a text.
    func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }
}

/// Parses a text written in a test.
func json(_ text: String) throws -> JSONValue {
    try JSONReader.read(Array(text.utf8))
}

/// Bytes as text, for tests that compare JSON.
func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// One text of several lines of a test. (A chain of `+` inside a macro is slow to type-check.)
func joined(_ parts: String...) -> String {
    parts.joined()
}

/// What every list response begins with.
let listBeginning = #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#

/// What every error begins with.
let errorBeginning = #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"#

/// The code of the refusal, nil when there is none.
func refusal(_ step: () throws -> Void) -> SCIMError? {
    do {
        try step()
        return nil
    } catch {
        return error as? SCIMError
    }
}
