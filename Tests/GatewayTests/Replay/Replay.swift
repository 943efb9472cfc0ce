import Foundation
import HTTPTransport
import HTTPTypes
import SCIM
import Tenancy

/// Sends a transcript's requests to a gateway, and finds what is not as the transcript says.
struct Replay {
    private let gateway: TestGateway
    /// What steps so far have captured, by name.
    private var captured = ["base": "https://scim.example/scim/v2"]

    init(_ gateway: TestGateway) {
        self.gateway = gateway
    }

    /// Runs all steps up to the first that is not answered as it should be.
    ///
    /// - Returns: What was wrong with that answer; nothing when all is well.
    mutating func findings(in transcript: Transcript) async throws -> [String] {
        for (index, step) in transcript.steps.enumerated() {
            let findings = try await findings(in: step)
            guard findings.isEmpty else {
                let title =
                    "step \(index + 1), \(step.method) \(step.path)\(step.what.map { " (\($0))" } ?? "")"
                return findings.map { "\(title): \($0)" }
            }
        }
        return []
    }

    private mutating func findings(in step: TranscriptStep) async throws -> [String] {
        let reply = try await sent(step)
        let answer = reply.text.isEmpty ? nil : try JSONReader.read(Array(reply.text.utf8))
        guard reply.status.code == step.status else {
            return ["status \(reply.status.code) and not \(step.status): \(reply.text)"]
        }
        var findings = Self.findingsOfEvery(reply, answer)
        let typed = step.answerFields.contains { $0.name == "Content-Type" }
        if answer != nil, !typed, reply.fields[.contentType] != "application/scim+json" {
            findings.append("the answer's type is no SCIM")
        }
        if let expected = step.answer {
            findings += AnswerComparison.differences(
                answer ?? .object(JSONObject()),
                from: try filled(expected)
            )
        }
        for (name, text) in step.answerFields {
            let value = HTTPField.Name(name).flatMap { reply.fields[$0] }
            let expected = try filled(text)
            if value != expected { findings.append("\(name) is \(value ?? "missing") and not \(expected)") }
        }
        for (name, pointer) in step.captures {
            guard let text = answer?.at(pointer)?.text else {
                findings.append("nothing to capture at \(pointer)")
                continue
            }
            captured[name] = text
        }
        return findings
    }

    /// What must be so of any answer (RFC 7644 §3.1, §3.12).
    private static func findingsOfEvery(_ reply: Reply, _ answer: JSONValue?) -> [String] {
        let isBodiless = [204, 304].contains(reply.status.code)
        guard let answer else { return isBodiless ? [] : ["no body"] }
        guard !isBodiless else { return ["a body with \(reply.status.code)"] }
        var findings: [String] = []
        if reply.status.code >= 400 {
            let error = JSONObject([
                .init(
                    name: "schemas",
                    value: .array([.string("urn:ietf:params:scim:api:messages:2.0:Error")])
                ),
                .init(name: "status", value: .string("\(reply.status.code)")),
            ])
            findings += AnswerComparison.differences(answer, from: .object(error))
            if answer.at("/detail")?.text?.isEmpty != false { findings.append("no detail") }
        }
        return findings
    }
}

// MARK: - Requests

extension Replay {
    private func sent(_ step: TranscriptStep) async throws -> Reply {
        var fields = HTTPFields()
        for (name, text) in step.fields {
            guard let name = HTTPField.Name(name) else {
                throw Transcript.Damage(description: "a field's name")
            }
            fields[name] = try filled(text)
        }
        if step.body != nil, fields[.contentType] == nil { fields[.contentType] = "application/scim+json" }
        let token =
            switch step.credentials {
            case .own: gateway.token.text
            case .neighbour: gateway.neighbour.text
            case .text(let text): text
            }
        return await gateway.send(
            step.method,
            Self.percentEncoded(try filled(step.path)),
            token: token,
            fields: fields,
            body: try step.body.map { try bytes(of: $0) }
        )
    }

    private func bytes(of body: JSONValue) throws -> String {
        if case .string(let text) = body { return text }
        var writer = JSONWriter()
        writer.value(try filled(body))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// What a client library does with the white space and quotes of a filter.
    private static func percentEncoded(_ path: String) -> String {
        path.utf8.map { byte in
            urlBytes.contains(byte) ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
        }.joined()
    }

    /// The bytes of RFC 3986, without brackets, which stand for themselves in a query only by custom.
    private static let urlBytes = Set("-._~:/?@!$&'()*+,;=%".utf8)
        .union(UInt8(ascii: "0")...UInt8(ascii: "9"))
        .union(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        .union(UInt8(ascii: "a")...UInt8(ascii: "z"))

    // MARK: - What was captured

    private func filled(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .null, .boolean, .number: value
        case .string(let text): .string(try filled(text))
        case .array(let elements): .array(try elements.map(filled))
        case .object(let object):
            .object(
                JSONObject(
                    try object.members.map { .init(name: $0.name, value: try filled($0.value)) }
                )
            )
        }
    }

    /// - Throws: for a name that nothing was captured under.
    private func filled(_ text: String) throws -> String {
        var filled = text
        while let name = filled.firstMatch(of: /\{([A-Za-z0-9]+)\}/) {
            guard let value = captured[String(name.1)] else {
                throw Transcript.Damage(description: "nothing was captured as \(name.1)")
            }
            filled.replaceSubrange(name.range, with: value)
        }
        return filled
    }
}

extension JSONValue {
    /// The value at a JSON pointer (RFC 6901) without escapes.
    func at(_ pointer: String) -> JSONValue? {
        pointer.split(separator: "/").reduce(Optional(self)) { value, step in
            switch value {
            case .object(let object): object[String(step)]
            case .array(let elements):
                Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }
}
