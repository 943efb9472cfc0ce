import Foundation

@testable import SCIM

/// The files of `Samples`, named by the section or client that they come from.
enum Sample {
    /// All of them, as names without `.json`.
    static let names = [
        "entra-create-user-with-nulls", "rfc7643-8.1-minimal-user", "rfc7643-8.2-full-user",
        "rfc7643-8.3-enterprise-user",
        "rfc7643-8.4-group",
    ]

    /// The bytes of one.
    static func bytes(_ name: String) throws -> [UInt8] {
        struct Missing: Error {}
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
