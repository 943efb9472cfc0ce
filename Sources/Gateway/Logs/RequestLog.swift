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
        let fields = fields(record, status: status, ended: ended)
        if let lines {
            lines.write(level, "request done", fields, at: ended)
        } else {
            logger.log(level: level, "request done", metadata: LogField.metadata(fields))
        }
    }

    /// What is told of the request, in the order of the names.
    private func fields(_ record: RequestRecord, status: Int, ended: Timestamp) -> [LogField] {
        let (scope, claim, bulk) = (record.scope, record.claim, record.bulk)
        var fields: [LogField] = []
        fields.reserveCapacity(16)
        func tell(_ name: String, _ text: String?) {
            if let text { fields.append(LogField(name, .text(text))) }
        }
        func tell(_ name: String, _ number: Int?) {
            if let number { fields.append(LogField(name, .number(number))) }
        }
        tell("client.address", record.clientAddress)
        tell("duration_ms", Int(ended.milliseconds - record.started.milliseconds))
        tell("error.message", record.cause)
        tell("error.type", record.reason)
        tell("event", status == 401 ? "token.rejected" : "request.done")
        tell("http.request.method", record.method)
        tell("http.response.status_code", status)
        tell("http.route", record.route)
        tell("network.protocol.version", record.httpVersion)
        tell("request_id", record.requestID.text)
        if !record.notes.isEmpty {
            tell("scim.attributes", knownNames(of: record.notes).joined(separator: ","))
        }
        tell("scim.bulk.failures", bulk?.failures)
        tell("scim.bulk.operations", bulk?.operations)
        tell("scim.connection", scope?.connection?.id.text)
        for (kind, name) in record.notes.isEmpty ? [] : Self.kinds {
            let count = record.notes.count(of: kind)
            tell(name, count > 0 ? count : nil)
        }
        tell("scim.profile", scope?.profile.name.rawValue)
        tell("scim.tenant", claim.map { $0.tenant?.text } ?? scope?.tenant.id.text)
        tell("scim.token_id", claim.map { $0.tokenID?.text } ?? scope?.tokenID?.text)
        tell("tls.client.hash.sha256", record.clientCertificate)
        return fields
    }

    /// The kinds of notes with the names of their counts, in the order of the names.
    private static let kinds = Note.Kind.allCases
        .map { (kind: $0, name: "scim.notes." + $0.word.replacing("-", with: "_")) }
        .sorted { TextOrder.isBefore($0.name, $1.name) }

    /// Names that a schema knows are told; a name that none knows was chosen by the client, and is only counted.
    private func knownNames(of notes: [Note]) -> [String] {
        let unknown = notes.count(of: .unknown)
        let names = notes.filter { $0.kind != .unknown }.map { "\($0.attribute) \($0.kind.rawValue)" }
        return unknown > 0 ? names + ["\(unknown) unknown"] : names
    }
}
