import CloudProfiles
package import Logging
import SCIM
import Tenancy

/// Writes one line per request.
package struct RequestLog: Sendable {
    private let logger: Logger

    /// Lines go to this logger.
    package init(logger: Logger) {
        self.logger = logger
    }

    /// Writes the line of a request that has its reply.
    ///
    /// A 5xx is an error, also one of an operation in a bulk request; a refused token is notable; the rest is info.
    func write(_ record: RequestRecord, status: Int, ended: Timestamp) {
        let hasFailed = (status >= 500 && status != 501) || record.cause != nil
        let level: Logger.Level = hasFailed ? .error : status == 401 ? .notice : .info
        guard logger.logLevel <= level else { return }
        logger.log(level: level, "request done", metadata: metadata(record, status: status, ended: ended))
    }

    private func metadata(_ record: RequestRecord, status: Int, ended: Timestamp) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "event": status == 401 ? "token.rejected" : "request.done",
            "request_id": .string(record.requestID.text),
            "http.request.method": .string(record.method),
            "http.route": .string(record.route),
            "http.response.status_code": .stringConvertible(status),
            "network.protocol.version": .string(record.httpVersion),
            "client.address": .string(record.clientAddress),
            "duration_ms": .stringConvertible(ended.milliseconds - record.started.milliseconds),
        ]
        if let certificate = record.clientCertificate {
            metadata["tls.client.hash.sha256"] = .string(certificate)
        }
        if let scope = record.scope {
            metadata["scim.tenant"] = .string(scope.tenant.id.text)
            metadata["scim.profile"] = .string(scope.profile.name.rawValue)
            metadata["scim.connection"] = scope.connection.map { .string($0.id.text) }
            metadata["scim.token_id"] = scope.tokenID.map { .string($0.text) }
        }
        if let claim = record.claim {
            metadata["scim.tenant"] = claim.tenant.map { .string($0.text) }
            metadata["scim.token_id"] = claim.tokenID.map { .string($0.text) }
        }
        if let bulk = record.bulk {
            metadata["scim.bulk.operations"] = .stringConvertible(bulk.operations)
            metadata["scim.bulk.failures"] = .stringConvertible(bulk.failures)
        }
        if let reason = record.reason { metadata["error.type"] = .string(reason) }
        if let cause = record.cause { metadata["error.message"] = .string(cause) }
        if !record.notes.isEmpty {
            metadata["scim.attributes"] = .string(knownNames(of: record.notes).joined(separator: ","))
            for kind in Note.Kind.allCases {
                let count = record.notes.count(of: kind)
                let key = "scim.notes." + kind.word.replacing("-", with: "_")
                if count > 0 { metadata[key] = .stringConvertible(count) }
            }
        }
        return metadata
    }

    /// Names that a schema knows are told; a name that none knows was chosen by the client, and is only counted.
    private func knownNames(of notes: [Note]) -> [String] {
        let unknown = notes.count(of: .unknown)
        let names = notes.filter { $0.kind != .unknown }.map { "\($0.attribute) \($0.kind)" }
        return unknown > 0 ? names + ["\(unknown) unknown"] : names
    }
}
