package import SCIM

/// One learner of a file, as a client would send them.
package struct LearnerLine: Sendable {
    /// 1-based line in the file.
    package let number: Int
    /// The learner's attributes.
    package let json: JSONObject

    /// A learner of a line.
    package init(number: Int, json: JSONObject) {
        self.number = number
        self.json = json
    }

    /// The learner, fit to be stored, and what of the line is not stored.
    ///
    /// A learner of whom nobody says so is active. What only the service says (`id`, `meta`, `groups`, who manages them) is
    /// passed over, so that what was exported can be imported.
    ///
    /// - Throws: ``RefusedLine``, with the attribute that is at fault.
    package func checked() throws(RefusedLine) -> (learner: ValidatedResource, notes: [Note]) {
        do throws(SCIMError) {
            var reading = try Self.reading(json)
            if reading.resource.externalID != nil {
                // Each connection has its own, and here is none.
                reading.resource.externalID = nil
                reading.notes.append(Note(.dropped, "externalId"))
            }
            if reading.resource.attributes["active"] == nil {
                reading.resource.attributes["active"] = .simple(.boolean(true))
            }
            return (try Validation.validate(reading.resource, set: .learner), reading.notes)
        } catch {
            throw RefusedLine(line: number, attribute: attributeAtFault, reason: error.detail)
        }
    }

    private static func reading(_ json: JSONObject) throws(SCIMError) -> Resource.Reading {
        let members = json.members.filter {
            !TextOrder.isSameBytes($0.name, LearnerColumn.managedBy.rawValue)
        }
        return try Resource.reading(.object(JSONObject(members)), type: .user, set: .learner)
    }

    /// The attribute without which the rest would be fine: each is tried alone beside a `userName` that is.
    private var attributeAtFault: String? {
        for member in json.members {
            guard case .object(let parts) = member.value, !parts.members.isEmpty else {
                if Self.isAtFault(member) { return member.name }
                continue
            }
            for part in parts.members {
                let alone = JSONObject.Member(name: member.name, value: .object(JSONObject([part])))
                guard Self.isAtFault(alone) else { continue }
                let isExtension = SchemaURI(member.name) == .enterpriseUser
                return isExtension ? part.name : "\(member.name).\(part.name)"
            }
            if Self.isAtFault(member) { return member.name }
        }
        return json.members.contains { AttributeName($0.name) == "userName" } ? nil : "userName"
    }

    private static func isAtFault(_ member: JSONObject.Member) -> Bool {
        var json = JSONObject([member])
        if AttributeName(member.name) != "userName" {
            json.append("userName", .string("a@example.com"))
        }
        do throws(SCIMError) {
            _ = try Validation.validate(try reading(json).resource, set: .learner)
            return false
        } catch {
            return true
        }
    }
}

/// A line of a file that was not taken, and why: without its values.
package struct RefusedLine: Error, Sendable, Equatable {
    /// 1-based line in the file.
    package let line: Int
    /// The attribute at fault; nil when the line as a whole is.
    package let attribute: String?
    /// Why, and what to do.
    package let reason: String

    /// A refused line.
    package init(line: Int, attribute: String?, reason: String) {
        self.line = line
        self.attribute = attribute
        self.reason = reason
    }

    /// Same line, same attribute: tests compare these, not prose.
    package static func == (left: RefusedLine, right: RefusedLine) -> Bool {
        left.line == right.line && left.attribute == right.attribute
    }
}

/// Finds learners who stand in one file twice: `userName` is unique without regard to case.
package struct Repetitions {
    private var lines: [[UInt8]: Int] = [:]

    /// Nobody yet.
    package init() {}

    /// Notes a learner.
    ///
    /// - Throws: ``RefusedLine`` when an earlier line has the same `userName`.
    package mutating func note(_ learner: ValidatedResource, of line: Int) throws(RefusedLine) {
        let key = Array((learner.lookups.userName ?? "").utf8)
        guard let first = lines[key] else {
            lines[key] = line
            return
        }
        throw RefusedLine(
            line: line,
            attribute: "userName",
            reason: "The same userName stands in line \(first). Keep one of both."
        )
    }
}
