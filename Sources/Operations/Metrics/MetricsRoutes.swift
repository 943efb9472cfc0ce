import Gateway
import HTTPTransport
import HTTPTypes
import NIOCore

/// What the address of the figures answers: `/metrics`, `/livez`, `/readyz`.
struct MetricsRoutes: Sendable {
    let core: GatewayCore
    /// Over all looks.
    private let folded = FoldedNames()

    /// Tells the figures of that gateway.
    init(core: GatewayCore) {
        self.core = core
    }

    /// Answers one request.
    func respond(to request: IncomingRequest) async -> Reply {
        let target = request.head.path ?? "/"
        guard let page = Page(rawValue: String(target.prefix { $0 != "?" })) else {
            let pages = Page.allCases.map(\.rawValue).joined(separator: ", ")
            return Self.reply(.notFound, "not found; there are \(pages)\n")
        }
        guard [.get, .head].contains(request.head.method) else {
            var reply = Self.reply(.methodNotAllowed, "only GET and HEAD are answered\n")
            reply.fields[.allow] = "GET, HEAD"
            return reply
        }
        switch page {
        case .metrics:
            let (core, folded) = (core, folded)
            let text = await GatewayCore.onThreads {
                GatewayFigures(core: core, folded: folded).exposition.text
            }
            return Self.reply(.ok, text, mediaType: Exposition.mediaType)
        case .live:
            return Self.reply(.ok, "ok\n")
        case .ready:
            return core.isServing
                ? Self.reply(.ok, "ok\n")
                : Self.reply(.serviceUnavailable, "not ready: the gateway is starting or stopping\n")
        }
    }

    /// What the HTTP layer refuses, as a reply.
    static func reply(to refusal: HTTPRefusal) -> Reply {
        var reply = reply(.init(code: refusal.status), "\(refusal.sentence)\n")
        reply.closes = true
        return reply
    }

    /// What may be asked for.
    private enum Page: String, CaseIterable {
        /// The figures.
        case metrics = "/metrics"
        /// Whether the process is alive: it answers.
        case live = "/livez"
        /// Whether clients may come: all listeners are there, and no stop has begun.
        case ready = "/readyz"
    }

    private static func reply(
        _ status: HTTPResponse.Status,
        _ text: String,
        mediaType: String = "text/plain; charset=utf-8"
    ) -> Reply {
        Reply(
            status: status,
            fields: [.contentType: mediaType, .cacheControl: "no-store"],
            body: .bytes(ByteBuffer(string: text))
        )
    }
}
