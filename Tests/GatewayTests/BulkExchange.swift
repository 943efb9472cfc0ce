import HTTPTransport
import HTTPTypes
import Logging
import SCIM
import Synchronization
import Testing

@testable import Gateway

/// One result in the answer to a bulk request, taken apart.
struct BulkAnswer: Sendable {
    let json: JSONObject

    var status: String? { text("status") }
    var version: String? { text("version") }
    var location: String? { text("location") }
    var bulkID: String? { text("bulkId") }

    /// The last segment of the location.
    var id: String { location?.split(separator: "/").last.map(String.init) ?? "(no location)" }

    /// The error's part of that name.
    func error(_ name: String) -> String? {
        guard case .object(let error)? = json["response"], case .string(let text)? = error[name] else {
            return nil
        }
        return text
    }

    func text(_ name: String) -> String? {
        guard case .string(let text)? = json[name] else { return nil }
        return text
    }
}

extension TestGateway {
    /// Sends operations as one bulk request; gives what became of each.
    func bulk(_ operations: String..., more: String = "", token: String? = nil) async throws -> [BulkAnswer] {
        let body = #"{"schemas":[],"Operations":[\#(operations.joined(separator: ","))]\#(more)}"#
        let reply = await send(.post, "/Bulk", token: token, body: body)
        try #require(reply.status == .ok, "\(reply.text)")
        guard case .object(let answer) = try JSONReader.read(Array(reply.text.utf8)),
            case .array(let results)? = answer["Operations"]
        else {
            Issue.record("no bulk response: \(reply.text)")
            return []
        }
        return results.compactMap { result in
            guard case .object(let json) = result else { return nil }
            return BulkAnswer(json: json)
        }
    }

    /// The value of `manager.value` of a user; nil when there is no manager.
    func manager(of id: String) async throws -> String? {
        let reply = await send(.get, "/Users/\(id)")
        guard case .object(let user) = try JSONReader.read(Array(reply.text.utf8)),
            case .object(let enterprise)? = user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            case .object(let manager)? = enterprise["manager"], case .string(let value)? = manager["value"]
        else { return nil }
        return value
    }

    /// How many users have that userName.
    func count(_ userName: String) async -> Int {
        let reply = await send(.get, "/Users?filter=userName+eq+%22\(userName)%22")
        return reply.text.contains(#""totalResults":1"#) ? 1 : 0
    }
}

/// A POST of a user under a bulkId, with a manager.
func post(_ bulkID: String, _ userName: String? = nil, manager: String? = nil) -> String {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    let extended = manager.map { #","\#(enterprise)":{"manager":{"value":"\#($0)"}}"# } ?? ""
    let user = #"{"userName":"\#(userName ?? "\(bulkID)@example.com")"\#(extended)}"#
    return #"{"method":"POST","path":"/Users","bulkId":"\#(bulkID)","data":\#(user)}"#
}

/// A PATCH that sets `locale`.
func patch(_ path: String, locale: String, version: String? = nil) -> String {
    let condition = version.map { #","version":"\#($0.replacing("\"", with: "\\\""))""# } ?? ""
    let operations = #"{"Operations":[{"op":"replace","path":"locale","value":"\#(locale)"}]}"#
    return #"{"method":"PATCH","path":"\#(path)"\#(condition),"data":\#(operations)}"#
}

/// Keeps the lines of a log.
final class LogLines: Sendable {
    private let kept = Mutex<[(level: Logger.Level, metadata: Logger.Metadata)]>([])

    /// The lines so far.
    var lines: [(level: Logger.Level, metadata: Logger.Metadata)] { kept.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.kept.withLock { $0.append((event.level, event.metadata ?? [:])) }
        }
    }
}
