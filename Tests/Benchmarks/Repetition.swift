import ArgumentParser
import SCIM

/// One small piece of work many times over: what it allocates is counted from outside.
///
/// Two runs that differ in their number of times differ by that many pieces, whatever the start of the process costs.
struct Repetition: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repeat",
        abstract: "A piece of a request many times; started by deploy/bench --allocations.",
        shouldDisplay: false
    )

    @Argument(help: "The piece.")
    var piece: Piece

    @Option(help: "How many times.")
    var times: Int

    func run() throws {
        let work = try piece.work()
        var checksum = 0
        for _ in 0..<times { checksum &+= try work() }
        // Whoever optimizes cannot leave out what is told.
        Terminal.result("\(checksum)")
    }
}

/// A piece of the work of a request, without anything around it.
enum Piece: String, ExpressibleByArgument, CaseIterable {
    /// A body of 1 KiB becomes a JSON value.
    case json
    /// The text of a look-up becomes a condition on learners.
    case filter
    /// Four operations of Entra change a learner, up to the document that is stored.
    case patch
}

extension Piece {
    /// The work, its input made beforehand; what it gives depends on all of its output.
    func work() throws -> () throws -> Int {
        switch self {
        case .json:
            let body = Array(Self.person.utf8)
            return {
                guard case .object(let object) = try JSONReader.read(body) else { return 0 }
                return object.members.count
            }
        case .filter:
            return {
                let filter = try Filter.parse(#"userName eq "ada.lovelace@contoso.example""#)
                return try ResolvedFilter.resolve(filter, type: .user, set: .learner).equalities.count
            }
        case .patch:
            let json = try JSONReader.read(Array(Self.change.utf8))
            let person = try JSONReader.read(Array(Self.person.utf8))
            let resource = try Resource.reading(person, type: .user, set: .learner).resource
            return {
                let request = try PatchRequest.reading(json)
                let changed = try Patch.apply(request, to: resource, set: .learner, rules: PatchRules())
                let validated = try Validation.validate(changed.resource, set: .learner, existing: resource)
                let (id, version) = (ResourceID("2819c223-7f76-453a-919d-413861904646"), ResourceVersion(2))
                let now = Timestamp(milliseconds: 1_764_000_000_000)
                return validated.document(id: id, version: version, created: now, lastModified: now).bytes
                    .count
            }
        }
    }

    private static let person = #"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId":"0c5bd7e2-5a71-4a5e-9f30-4f2f5f3f8f11","userName":"ada.lovelace@contoso.example","active":true,
        "displayName":"Ada Lovelace","title":"Consultant",
        "emails":[{"primary":true,"type":"work","value":"ada.lovelace@contoso.example"}],
        "meta":{"resourceType":"User"},
        "name":{"formatted":"Ada Lovelace","familyName":"Lovelace","givenName":"Ada"},
        "locale":"en-GB","preferredLanguage":"en-GB","timezone":"Europe/London","roles":[],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engineering",
        "employeeNumber":"100815","manager":{"value":"2819c223-7f76-453a-919d-413861904646"}}}
        """#

    private static let change = #"""
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
        {"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sales"},
        {"op":"replace","path":"name.familyName","value":"King"},
        {"op":"replace","path":"emails[type eq \"work\"].value","value":"ada.king@contoso.example"},
        {"op":"replace","path":"displayName","value":"Ada King"}]}
        """#
}
