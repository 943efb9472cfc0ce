import Foundation
import Gateway
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import NIOFoundationCompat

/// The operations of the admin socket, by method and path.
///
/// Errors are RFC 9457 problems.
struct AdminRoutes: Sendable {
    /// What does the work.
    let desk: OperatorDesk
    /// Where each operation leaves a line.
    let logger: Logger

    /// Answers one request.
    func respond(to request: IncomingRequest) async -> Reply {
        let path = request.head.path ?? "/"
        do throws(AdminMessages.Problem) {
            let reply = try await performed(request.head.method, path, request)
            logger.info(
                "operator request done",
                metadata: [
                    "event": "admin.done", "admin.actor": .string(desk.actor),
                    "http.request.method": "\(request.head.method)",
                ]
            )
            return reply
        } catch {
            logger.notice(
                "operator request refused",
                metadata: [
                    "event": "admin.refused", "admin.actor": .string(desk.actor),
                    "error.type": .string(error.type),
                ]
            )
            return Self.reply(to: error)
        }
    }

    private func performed(_ method: HTTPRequest.Method, _ path: String, _ request: IncomingRequest)
        async throws(AdminMessages.Problem) -> Reply
    {
        let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        switch (method, parts.first, parts.dropFirst().first, parts.count) {
        case (.get, "v1", "version", 2):
            return try Self.reply(AdminMessages.Version.current)
        case (.get, "v1", "status", 2):
            return try Self.reply(desk.core.status())
        case (.get, "v1", "plan", 2):
            return try Self.reply(await desk.core.plan())
        case (.post, "v1", "plan", 2):
            let order: AdminMessages.ReloadOrder = try await message(request)
            return try Self.reply(await desk.core.plan(allowsRemovals: order.allowsRemovals))
        case (.post, "v1", "reload", 2):
            return try await reload(try await message(request))
        case (.post, "v1", "connections", 2):
            return try Self.reply(await desk.connect(try await message(request)))
        case (.get, "v1", "connections", 2):
            return try Self.reply(await desk.connections(of: nil))
        case (.get, "v1", "connections", 3):
            return try Self.reply(await desk.connections(of: parts[2]))
        case (.post, "v1", "removals", 2):
            return try Self.reply(await desk.removeConnection(try await message(request)))
        case (.post, "v1", "tenants", 2):
            return try Self.reply(await desk.tenants(try await message(request)))
        case (.get, "v1", "tenants", 3):
            return try Self.reply(await desk.tenant(parts[2]))
        case (.get, "v1", "networks", 2):
            return try Self.reply(await desk.networks())
        case (.post, "v1", "networks", 2):
            return try Self.reply(await desk.updateNetworks(try await message(request)))
        case (.post, "v1", "tokens", 2):
            return try Self.reply(await desk.createToken(try await message(request)))
        case (.post, "v1", "rotations", 2):
            return try Self.reply(await desk.rotateToken(try await message(request)))
        case (.post, "v1", "verifications", 2):
            return try Self.reply(await desk.verify(try await message(request)))
        case (.get, "v1", "tokens", 2):
            return try Self.reply(await desk.tokens(of: nil))
        case (.get, "v1", "tokens", 3):
            return try Self.reply(await desk.tokens(of: parts[2]))
        case (.post, "v1", "revocations", 2):
            return try Self.reply(await desk.revokeToken(try await message(request)))
        case (.post, "v1", "passes", 2):
            return try Self.reply(await desk.makePass(try await message(request)))
        case (.delete, "v1", "passes", 3):
            try await desk.endPass(parts[2])
            return Reply(status: .noContent)
        case (.post, "v1", "activity", 2):
            return try Self.reply(await desk.activity(try await message(request)))
        case (.post, "v1", "activity", 3) where parts[2] == "examinations":
            let order: AdminMessages.ExamineActivity = try await message(request)
            return try Self.reply(await desk.examineActivity(of: order.tenant))
        case (.post, "v1", let name?, 2):
            if let reply = try await learners(name, request) { return reply }
            fallthrough
        default:
            throw .unknownOperation(method, path, client: request.head.headerFields[.userAgent])
        }
    }

    private func reload(_ order: AdminMessages.ReloadOrder) async throws(AdminMessages.Problem) -> Reply {
        let wanted = ReloadOrder(
            cause: .command,
            allowsRemovals: order.allowsRemovals,
            actor: "operator:\(desk.actor)"
        )
        guard order.waits else {
            desk.core.pendingReload.ask(for: wanted)
            return Self.reply(
                AdminMessages.ReloadAsked(generation: desk.core.generation),
                status: .accepted,
                mediaType: "application/json"
            )
        }
        return try Self.reply(await Reloading(core: desk.core, logger: logger).carryOut(wanted).message)
    }

    /// The body as a message.
    func message<Message: Decodable>(_ request: IncomingRequest) async throws(AdminMessages.Problem)
        -> Message
    {
        let body: ByteBuffer
        do throws(BodyRefusal) {
            body = try await request.body()
        } catch {
            throw .invalid("the body could not be read: \(error.refusal?.sentence ?? "the client is gone")")
        }
        do {
            return try JSONDecoder().decode(Message.self, from: body)
        } catch {
            throw .invalid("the body is not the JSON that this operation takes")
        }
    }

    /// A message as a reply.
    static func reply(_ message: some Encodable) throws(AdminMessages.Problem) -> Reply {
        reply(message, status: .ok, mediaType: "application/json")
    }

    /// A page of a file as a reply.
    static func reply(page: some FilePage) -> Reply {
        // As of messages below.
        reply((try? page.bytes(by: encoder)) ?? Data(), status: .ok, mediaType: "text/plain; charset=utf-8")
    }

    private static func reply(_ message: some Encodable, status: HTTPResponse.Status, mediaType: String)
        -> Reply
    {
        // Our messages hold strings, numbers and lists of them: nothing that JSON cannot say.
        reply((try? encoder.encode(message)) ?? Data(), status: status, mediaType: mediaType)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private static func reply(_ bytes: Data, status: HTTPResponse.Status, mediaType: String) -> Reply {
        Reply(
            status: status,
            fields: [.contentType: mediaType, .cacheControl: "no-store", .server: AdminVersions.product],
            body: .bytes(ByteBuffer(bytes: bytes))
        )
    }

    /// A problem as a reply.
    static func reply(to problem: AdminMessages.Problem) -> Reply {
        reply(problem, status: .init(code: problem.status), mediaType: "application/problem+json")
    }

    /// What the HTTP layer refuses, as a reply.
    static func reply(to refusal: HTTPRefusal) -> Reply {
        var reply = reply(
            to: AdminMessages.Problem(
                type: "/help/http",
                title: "HTTP",
                status: refusal.status,
                detail: refusal.sentence
            )
        )
        reply.closes = true
        return reply
    }
}
