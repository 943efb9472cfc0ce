import SCIM
import Tenancy

/// One field of an entry as it is stored.
package enum ActivityField: Sendable, Equatable {
    /// There is nothing to tell.
    case nothing
    /// A number.
    case integer(Int64)
    /// Text.
    case text(String)

    /// A text, or nothing.
    init(_ text: String?) { self = text.map { .text($0) } ?? .nothing }

    /// A number, or nothing.
    init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .nothing }

    /// Names, a line each; nothing when there is none.
    init(lines names: [String]) { self = names.isEmpty ? .nothing : .text(names.joined(separator: "\n")) }

    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    fileprivate var lines: [String] {
        text?.split(separator: "\n").map(String.init) ?? []
    }
}

extension ActivityEntry {
    /// All fields, in the order in which they are stored and hashed: one may be appended, none may be moved.
    ///
    /// What is known only of a stored entry, its number and the hash before it, is not among them.
    package var fields: [ActivityField] {
        [
            .integer(time.milliseconds), .text(kind.rawValue), .integer(Int64(outcome.rawValue)),
            .text(origin.actor), .init(origin.connection?.text), .init(origin.targetGroup?.text),
            .init(origin.tokenID?.text), .init(origin.requestID), .init(origin.operation),
            .init(origin.clientAddress), .init(origin.httpVersion), .init(origin.userAgent),
            .init(resource.map { $0.type == .user ? 1 : 2 }), .init(resource?.id.text),
            .init(lines: changed), .init(lines: notes), .init(status), .init(scimType), .init(reason),
            .init(explanation), .init(milliseconds), .integer(Int64(count)),
            .init(origin.network?.rawValue), .init(origin.tlsVersion), .init(lines: origin.quirks),
            .init(userName), .init(externalID),
        ]
    }

    /// How many ``fields`` an entry has.
    package static let fieldCount = 27

    /// The entry of these fields; nil for a kind or an outcome of which this program knows nothing.
    package init?(fields: [ActivityField]) {
        guard fields.count == Self.fieldCount, let time = fields[0].number,
            let kind = fields[1].text.flatMap(ActivityKind.init),
            let outcome = fields[2].number.flatMap({ ActivityOutcome(rawValue: Int($0)) }),
            let actor = fields[3].text, let count = fields[21].number
        else { return nil }
        self.init(kind, outcome, at: Timestamp(milliseconds: time), by: ActivityOrigin(actor, fields))
        if let type = fields[12].number, let id = fields[13].text {
            resource = Subject(type == 1 ? .user : .group, ResourceID(id))
        }
        changed = fields[14].lines
        notes = fields[15].lines
        status = fields[16].number.map { Int($0) }
        scimType = fields[17].text
        reason = fields[18].text
        explanation = fields[19].text
        milliseconds = fields[20].number.map { Int($0) }
        self.count = Int(count)
        userName = fields[25].text
        externalID = fields[26].text
    }
}

extension ActivityOrigin {
    /// The origin among the fields of an entry.
    fileprivate init(_ actor: String, _ fields: [ActivityField]) {
        self.init(actor: actor)
        connection = fields[4].text.map { Connection.ID($0) }
        targetGroup = fields[5].text.map { TargetGroup.ID($0) }
        tokenID = fields[6].text.flatMap { AccessToken.ID($0) }
        requestID = fields[7].text
        operation = fields[8].text
        clientAddress = fields[9].text
        httpVersion = fields[10].text
        userAgent = fields[11].text
        network = fields[22].text.flatMap(SourceNetwork.init)
        tlsVersion = fields[23].text
        quirks = fields[24].lines
    }
}
