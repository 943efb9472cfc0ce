internal import Outbound
internal import SCIM

/// An answer as a provisioning client reads it.
struct SCIMAnswer {
    /// What came over the wire.
    let answer: HTTPSAnswer
    /// The body, if it is a JSON object.
    private let body: JSONObject?

    init(_ answer: HTTPSAnswer) {
        self.answer = answer
        // A body that is no JSON has no members; `isSCIM` tells.
        if case .object(let object)? = try? JSONReader.read(answer.body) { body = object } else { body = nil }
    }

    var status: Int { answer.status }

    /// Whether the body is what a SCIM client can read: nothing, or a JSON object said to be one.
    var isSCIM: Bool {
        guard !answer.body.isEmpty else { return true }
        let type = answer["Content-Type"].map { $0.prefix { $0 != ";" && $0 != " " } } ?? ""
        return body != nil && ["application/scim+json", "application/json"].contains(type)
    }

    /// The resource's id.
    var id: String? { text("id") }
    /// How many resources a list says there are.
    var totalResults: Int? {
        guard case .number(let number)? = body?["totalResults"] else { return nil }
        return Int(number.text)
    }
    /// Whether the learner is switched on.
    var isActive: Bool? {
        guard case .boolean(let value)? = body?["active"] else { return nil }
        return value
    }
    /// The id of the learner's manager.
    var manager: String? {
        guard case .object(let enterprise)? = body?[EntraRequests.enterpriseSchema],
            case .object(let manager)? = enterprise["manager"], case .string(let value)? = manager["value"]
        else { return nil }
        return value
    }
    /// The ids of a list's resources.
    var listedIDs: [String] {
        guard case .array(let resources)? = body?["Resources"] else { return [] }
        return resources.compactMap { resource in
            guard case .object(let object) = resource, case .string(let id)? = object["id"] else {
                return nil
            }
            return id
        }
    }
    /// What the server says to a client whom it refuses: it holds nobody's values.
    var detail: String? { text("detail") }

    private func text(_ name: String) -> String? {
        guard case .string(let value)? = body?[name] else { return nil }
        return value
    }
}
