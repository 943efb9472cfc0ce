import CloudProfiles
package import Logging
import SCIM
import Tenancy

/// Writes one line per request.
package struct RequestLog: Sendable {
    private let logger: Logger
    /// The logger's handler, when it is ours: it writes fields as they are.
    private let lines: LineLogHandler?

    /// Lines go to this logger.
    package init(logger: Logger) {
        self.logger = logger
        lines = logger.handler as? LineLogHandler
    }

    /// Writes the line of a request that has its reply.
    ///
    /// A 5xx is an error, also one of an operation in a bulk request; a refused token is notable; the rest is info.
    func write(_ record: RequestRecord, status: Int, ended: Timestamp) {
        let hasFailed = (status >= 500 && status != 501) || record.cause != nil
        let level: Logger.Level = hasFailed ? .error : status == 401 ? .notice : .info
        guard logger.logLevel <= level else { return }
        if let lines, lines.isPlain {
            // No list of the fields on the way: to make it, and to let it go, took 2,500 of a GET's 167,000 instructions.
            lines.writePlain(level, Self.message, at: ended) { line in
                Self.tell(record, status: status, ended: ended, to: &line)
            }
            return
        }
        var fields: [LogField] = []
        Self.tell(record, status: status, ended: ended, to: &fields)
        if let lines {
            lines.write(level, Self.message, fields, at: ended)
        } else {
            logger.log(level: level, "\(Self.message)", metadata: LogField.metadata(fields))
        }
    }

    private static let message = "request done"

    /// What is told of the request, in the order of the names.
    private static func tell(
        _ record: RequestRecord,
        status: Int,
        ended: Timestamp,
        to line: inout some LogFieldTaking
    ) {
        let (scope, claim, bulk) = (record.scope, record.claim, record.bulk)
        func tell(_ name: JSONName, _ text: String?) {
            if let text { line.take(name, text) }
        }
        func tell(_ name: JSONName, _ number: Int?) {
            if let number { line.take(name, number) }
        }
        tell(.clientAddress, record.clientAddress)
        tell(.duration, Int(ended.milliseconds - record.started.milliseconds))
        tell(.errorMessage, record.cause)
        tell(.errorType, record.reason)
        tell(.event, status == 401 ? "token.rejected" : "request.done")
        tell(.method, record.method)
        tell(.status, status)
        tell(.route, record.route)
        tell(.httpVersion, record.httpVersion)
        tell(.requestID, record.requestID.text)
        if !record.notes.isEmpty {
            tell(.attributes, knownNames(of: record.notes).joined(separator: ","))
        }
        tell(.bulkFailures, bulk?.failures)
        tell(.bulkOperations, bulk?.operations)
        tell(.connection, scope?.connection?.id.text)
        for (kind, name) in record.notes.isEmpty ? [] : kinds {
            let count = record.notes.count(of: kind)
            tell(name, count > 0 ? count : nil)
        }
        tell(.profile, scope?.profile.name.rawValue)
        tell(.tenant, claim.map { $0.tenant?.text } ?? scope?.tenant.id.text)
        tell(.tokenID, claim.map { $0.tokenID?.text } ?? scope?.tokenID?.text)
        tell(.clientCertificate, record.clientCertificate)
    }

    /// The kinds of notes with the names of their counts, in the order of the names.
    private static let kinds = Note.Kind.allCases
        .map { (kind: $0, name: JSONName("scim.notes." + $0.word.replacing("-", with: "_"))) }
        .sorted { TextOrder.isBefore($0.name.text, $1.name.text) }

    /// Names that a schema knows are told; a name that none knows was chosen by the client, and is only counted.
    private static func knownNames(of notes: [Note]) -> [String] {
        let unknown = notes.count(of: .unknown)
        let names = notes.filter { $0.kind != .unknown }.map { "\($0.attribute) \($0.kind.rawValue)" }
        return unknown > 0 ? names + ["\(unknown) unknown"] : names
    }
}

/// The fields of a request's line, in the order of their names.
extension JSONName {
    fileprivate static let clientAddress = JSONName("client.address")
    fileprivate static let duration = JSONName("duration_ms")
    fileprivate static let errorMessage = JSONName("error.message")
    fileprivate static let errorType = JSONName("error.type")
    fileprivate static let event = JSONName("event")
    fileprivate static let method = JSONName("http.request.method")
    fileprivate static let status = JSONName("http.response.status_code")
    fileprivate static let route = JSONName("http.route")
    fileprivate static let httpVersion = JSONName("network.protocol.version")
    fileprivate static let requestID = JSONName("request_id")
    fileprivate static let attributes = JSONName("scim.attributes")
    fileprivate static let bulkFailures = JSONName("scim.bulk.failures")
    fileprivate static let bulkOperations = JSONName("scim.bulk.operations")
    fileprivate static let connection = JSONName("scim.connection")
    fileprivate static let profile = JSONName("scim.profile")
    fileprivate static let tenant = JSONName("scim.tenant")
    fileprivate static let tokenID = JSONName("scim.token_id")
    fileprivate static let clientCertificate = JSONName("tls.client.hash.sha256")
}
