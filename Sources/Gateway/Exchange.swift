import CloudProfiles
import Crypto
import Dialects
package import HTTPTransport
import HTTPTypes
import NIOCore
import SCIM
import SCIMEngine
import Sharing
import Store
import Tenancy

/// One request and its reply, step by step.
///
/// Steps 1 to 3 (listener, TLS, HTTP) have passed when it begins.
package struct Exchange: Sendable {
    /// The profile whose listener the request came through.
    private let profile: ProfileRuntime
    /// The listener's public address and the hosts it serves.
    private let address: PublicAddress
    /// Where each request leaves its line.
    private let log: RequestLog
    /// Where it leaves what its tenant is to know of it.
    private let activity: ActivityNoting
    /// Where it is counted.
    private var tallies = RequestTallies(loops: 1)

    /// Serves requests of one listener.
    ///
    /// A token of one of the `others` is told to its tenant.
    package init(
        profile: ProfileRuntime,
        address: PublicAddress,
        log: RequestLog,
        others: [ProfileRuntime] = []
    ) {
        self.profile = profile
        self.address = address
        self.log = log
        self.activity = ActivityNoting(profile: profile, others: others)
    }

    /// The same, which counts what it does there.
    package func counting(in tallies: RequestTallies) -> Exchange {
        var exchange = self
        exchange.tallies = tallies
        return exchange
    }

    /// The whole way of one request: the table in the README, line by line.
    package func respond(to request: IncomingRequest, from peer: Peer) async -> Reply {
        let (tally, method) = (tallies[peer.loop], RequestShape.place(of: request.head.method))
        tally.began(method)
        defer { tally.ended(method) }
        let requestID = profile.requestIDs.next()
        let mediaType = MediaTypes.answer(accepting: request.head.headerFields.text(of: .accept))
        var record = RequestRecord(requestID: requestID, request: request, peer: peer, started: profile.now())
        var reply: Reply
        do throws(Refusal) {
            let scope = try admitted(request, peer, &record)  // 4 Admission
            let turn = try await turn(for: request, of: scope)
            defer { profile.turns.ended(turn) }
            let target = try served(request)
            let endpoint = try self.endpoint(of: target, request, &record)  // 5 Endpoint
            let rendered = try await performed(endpoint, target, request, turn, &record)  // 6 to 8, and back
            reply = Reply.scim(rendered, mediaType: mediaType, requestID: requestID)
        } catch {
            record.refused(error)
            reply = error.reply(requestID: requestID, mediaType: mediaType)
        }
        let ended = profile.now()
        log.write(record, status: reply.status.code, ended: ended)
        activity.note(record, status: reply.status.code, ended: ended)
        count(record, status: reply.status.code, ended: ended, in: tally)
        return reply
    }

    /// Counts a request that has its answer, for the monitoring.
    private func count(_ record: RequestRecord, status: Int, ended: Timestamp, in tally: RequestTally) {
        let (shape, loop) = (record.shape(status: status), record.loop)
        tally.count(shape, milliseconds: Int(ended.milliseconds - record.started.milliseconds))
        record.scope?.tally?.count(shape.kind(isProbe: record.kind == .probe), on: loop)
        for operation in record.idle where operation.refusal?.scimError.status == 429 {
            record.scope?.tally?.count(RequestShape.throttledOperation, on: loop)
        }
        if !record.departures.isEmpty { tally.count(record.departures) }
        guard let refusal = record.refusal else { return }
        if activity.isOfAnotherCloud(refusal) { tally.countWrongCloud() } else { tally.count(refusal) }
    }
}

// MARK: - The steps

extension Exchange {
    /// Step 4: listener's profile + bearer token + address → scope.
    ///
    /// Before anything that could tell a stranger more.
    private func admitted(_ request: IncomingRequest, _ peer: Peer, _ record: inout RequestRecord)
        throws(Refusal) -> TenantScope
    {
        let directory = profile.directory
        record.came(among: directory.networks)
        let admission = Admission.admit(
            authorization: request.head.headerFields[values: .authorization],
            from: peer.address,
            directory: directory,
            library: profile.library,
            now: record.started
        )
        switch admission {
        case .success(let scope):
            record.admitted(scope)
            noteUse(of: scope, peer, record)
            return scope
        case .failure(let refusal):
            throw Refusal.notAdmitted(refusal)
        }
    }

    /// Notes the token's use, in memory; the first is told to its tenant.
    private func noteUse(of scope: TenantScope, _ peer: Peer, _ record: RequestRecord) {
        let now = record.started
        let isFirst = scope.tokenUse?.note(at: now, from: peer.address, client: record.client)
        // A probe's pass is nobody's token.
        guard isFirst == true, scope.operatorName == nil else { return }
        profile.tokenWakes.wake()
        profile.activity.add(ActivityEntry(.tokenFirstUsed, at: now, by: record.origin), of: scope.tenant.id)
    }

    /// Waits for the request's turn: under its tenant's ceiling, and among all that there is to do.
    private func turn(for request: IncomingRequest, of scope: TenantScope) async throws(Refusal) -> Turn {
        do throws(TurnRefusal) {
            return try await profile.turns.turn(for: scope, bodyBytes: bodyBytes(of: request))
        } catch {
            throw Refusal(error)
        }
    }

    /// Waits until one more operation of a request in work may begin.
    func nextOperation(of turn: Turn) async throws(Refusal) {
        do throws(TurnRefusal) {
            try await profile.turns.nextOperation(of: turn)
        } catch {
            throw Refusal(error)
        }
    }

    /// What the request's body has at most; one that does not tell may have as much as any.
    private func bodyBytes(of request: IncomingRequest) -> Int {
        guard request.announcesBody else { return 0 }
        let length = request.head.headerFields.text(of: .contentLength).flatMap { Int($0) }
        return min(length ?? BulkLimits.payloadBytes, BulkLimits.payloadBytes)
    }

    /// Refuses a host that the listener does not serve (RFC 9110 §15.5.20), and takes the target apart.
    private func served(_ request: IncomingRequest) throws(Refusal) -> RequestTarget {
        guard address.serves(authority: request.head.authority) else { throw Refusal.misdirected }
        return RequestTarget(request.head.path ?? "/")
    }

    /// Step 5: method + path → one endpoint.
    private func endpoint(of target: RequestTarget, _ request: IncomingRequest, _ record: inout RequestRecord)
        throws(Refusal) -> Endpoint
    {
        guard let endpoint = target.endpoint else { throw Refusal.noSuchEndpoint }
        record.reached(endpoint)
        try endpoint.require(request.head.method)
        return endpoint
    }

    /// Steps 6 to 8 and back: the one switch over endpoint and method.
    private func performed(
        _ endpoint: Endpoint,
        _ target: RequestTarget,
        _ request: IncomingRequest,
        _ turn: Turn,
        _ record: inout RequestRecord
    ) async throws(Refusal) -> Rendering.Rendered {
        var visit = Visit(turn: turn, locationPrefix: address.publicURL + target.basePath, target: target)
        visit.loop = record.loop
        if request.head.method != .get {
            visit.origin = record.origin
            visit.arrived = record.started
        }
        switch endpoint {
        case .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema:
            record.was(.discovery)
            return try visit.discovery(endpoint, preconditions(of: request), digest: profile.library.sha256)
        case .collection(let type) where request.head.method == .post:
            try visit.requireWrites(to: type)
            let body = try await body(of: request)
            let interpreted = try await interpreting(body) { body throws(SCIMError) in
                try visit.interpretation.creation(of: type, body: body)
            }
            return try await operated(interpreted, visit, &record)
        case .root:
            return try await searched(nil, parameters: target.parameters, visit, &record)
        case .collection(let type):
            return try await searched(type, parameters: target.parameters, visit, &record)
        case .search(let type):
            let body = try await body(of: request)
            let search = try await interpreting(body) { body throws(SCIMError) in
                try visit.interpretation.search(type, body: body)
            }
            return try await searched(type, search, visit, &record)
        case .resource(let type, let id):
            return try await resource(type, id, request, visit, &record)
        case .bulk:
            let body = try await body(of: request)
            // Its operations come in a row, whoever waits beside it.
            return try await LoopShare.work(exceeding: true) { () async throws(Refusal) in
                let bulk = try refusing { () throws(SCIMError) in
                    try visit.interpretation.bulk(body: body.readableBytesUInt8Span)
                }
                var run = BulkRun(of: bulk, visit, by: self)
                await run.performAll()
                record.performed(run)
                return run.rendered
            }
        case .me:
            throw Refusal.noSuchEndpoint
        }
    }

    /// The methods of one resource.
    private func resource(
        _ type: ResourceType.Name,
        _ id: ResourceID,
        _ request: IncomingRequest,
        _ visit: Visit,
        _ record: inout RequestRecord
    ) async throws(Refusal) -> Rendering.Rendered {
        let conditions = try preconditions(of: request)
        switch request.head.method {
        case .put:
            try visit.requireWrites(to: type)
            let body = try await body(of: request)
            let interpreted = try await interpreting(body) { body throws(SCIMError) in
                try visit.interpretation.replacement(of: type, id, body: body, conditions)
            }
            return try await operated(interpreted, visit, &record)
        case .patch:
            try visit.requireWrites(to: type)
            let body = try await body(of: request)
            let interpreted = try await interpreting(body) { body throws(SCIMError) in
                try visit.interpretation.patch(of: type, id, body: body, conditions)
            }
            return try await operated(interpreted, visit, &record)
        case .delete:
            try visit.requireWrites(to: type)
            return try await operated(.init(operation: .delete(type, id, conditions)), visit, &record)
        default:
            record.was(type == .user ? .userRead : .groupRead)
            return try await operated(.init(operation: .read(type, id, conditions)), visit, &record)
        }
    }

    /// Steps 7 and 8, and back through the rendering.
    private func operated(
        _ interpreted: Interpretation.Interpreted,
        _ visit: Visit,
        _ record: inout RequestRecord
    )
        async throws(Refusal) -> Rendering.Rendered
    {
        record.noted(interpreted.notes)
        record.departed(by: interpreted.quirks)
        let outcome = try await outcome(of: interpreted, visit)
        if case .changed(let resource, isStored: false, _) = outcome {
            record.was(resource.type == .user ? .userUnchanged : .groupUnchanged)
        }
        var rendered = try await rendered(outcome, visit.projection, visit)
        rendered.notes = interpreted.notes(with: outcome)
        record.noted(rendered.notes)
        return rendered
    }

    /// A search by the parameters of a query.
    private func searched(
        _ type: ResourceType.Name?,
        parameters: [(name: String, value: String)],
        _ visit: Visit,
        _ record: inout RequestRecord
    ) async throws(Refusal) -> Rendering.Rendered {
        let search = try refusing { () throws(SCIMError) in
            try visit.interpretation.search(type, parameters: parameters)
        }
        return try await searched(type, search, visit, &record)
    }

    /// A search carries its own projection, and the cursors around its page are opened and sealed here.
    private func searched(
        _ type: ResourceType.Name?,
        _ search: SearchRequest,
        _ visit: Visit,
        _ record: inout RequestRecord
    ) async throws(Refusal) -> Rendering.Rendered {
        record.departed(by: visit.interpretation.quirks(of: search, for: type))
        let walk = CursorSealing.Walk(type: type, search: search, scope: visit.scope)
        let start = try profile.cursors.start(of: walk, now: profile.now())
        let outcome = try await outcome(of: .init(operation: .search(type, search, start)), visit)
        record.was(kind(of: search, for: type, outcome))
        let nextCursor = try profile.cursors.cursor(after: outcome, walk, now: profile.now())
        return try await rendered(outcome, search.projection, visit, nextCursor: nextCursor)
    }

    /// Step 6 on the way back.
    private func rendered(
        _ outcome: SCIMOutcome,
        _ projection: Projection,
        _ visit: Visit,
        nextCursor: String? = nil
    ) async throws(Refusal) -> Rendering.Rendered {
        try await LoopShare.work(exceeding: LoopShare.isExceeded(byAnswer: outcome)) {
            () async throws(Refusal) in
            visit.rendering.rendered(outcome, projection, nextCursor: nextCursor)
        }
    }

    private func kind(of search: SearchRequest, for type: ResourceType.Name?, _ outcome: SCIMOutcome)
        -> ActivityKind
    {
        if case .page(_, let total, _, _) = outcome, ConnectionTest.isOne(filter: search.filter, found: total)
        {
            return .probe
        }
        return type == .group ? .groupSearched : .userSearched
    }

    /// Steps 7 and 8; the store reads the members that the answer shows, unless it is told which.
    ///
    /// The entry in the activity bears what the operation's interpretation has noted.
    func outcome(
        of interpreted: Interpretation.Interpreted,
        _ visit: Visit,
        showing members: MemberDemand? = nil
    ) async throws(Refusal) -> SCIMOutcome {
        let (operation, projection) = (interpreted.operation, visit.projection)
        var asker = visit.asker
        asker.notes = interpreted.notes
        asker.answer = visit.arrived.map { arrived in
            // Told which members are read, it is an operation of a bulk, whose answer has no body in any case.
            let status = members == nil ? Rendering.statusWithoutMembers(projection) : 200
            return AwaitedAnswer(arrived: arrived, statusWithoutMembers: status)
        }
        if visit.arrived != nil { asker.stored = visit.counting }
        let began = profile.now()
        defer {
            let took = Int(profile.now().milliseconds - began.milliseconds)
            tallies[visit.loop].count(StoreOperation(operation), milliseconds: took)
        }
        asker.origin?.quirks = interpreted.quirks.map(\.rawValue)
        do throws(EngineError) {
            let store = try await EngineError.asking { () async throws(StoreError) in
                try await profile.stores.store(for: visit.scope)
            }
            return try await profile.engine.perform(
                operation,
                asker,
                showing: members ?? visit.rendering.members(shownFor: operation, projection),
                in: store,
                now: began
            )
        } catch {
            throw Refusal(error)
        }
    }

    /// `If-Match` and `If-None-Match`, several fields of one name taken as one list (RFC 9110 §5.3).
    private func preconditions(of request: IncomingRequest) throws(Refusal) -> Preconditions {
        try refusing { () throws(SCIMError) in
            Preconditions(
                ifMatch: try .reading(request.head.headerFields.text(of: .ifMatch)),
                ifNoneMatch: try .reading(request.head.headerFields.text(of: .ifNoneMatch))
            )
        }
    }

    /// The body, read only now: never for a refused token (RFC 9110 §10.1.1 for `Expect`).
    private func body(of request: IncomingRequest) async throws(Refusal) -> ByteBuffer {
        let fields = request.head.headerFields
        guard MediaTypes.isReadable(fields.text(of: .contentType)), !fields.contains(.contentEncoding) else {
            throw Refusal.unsupportedMediaType
        }
        do throws(BodyRefusal) {
            return try await profile.turns.receiving { () async throws(BodyRefusal) in
                try await request.body()
            }
        } catch {
            // A client that is gone reads no answer: 408 is what the log shows.
            throw Refusal.http(error.refusal ?? .timeout)
        }
    }

    /// Runs the interpretation of a body, whose refusal is the answer.
    private func interpreting<Result>(
        _ body: ByteBuffer,
        _ step: (Span<UInt8>) throws(SCIMError) -> Result
    ) async throws(Refusal) -> Result {
        let isLarge = LoopShare.isExceeded(byBody: body.readableBytes)
        return try await LoopShare.work(exceeding: isLarge) { () async throws(Refusal) in
            try refusing { () throws(SCIMError) in try step(body.readableBytesUInt8Span) }
        }
    }

    /// Runs a step of the SCIM layers whose refusal is the answer.
    private func refusing<Result>(_ step: () throws(SCIMError) -> Result) throws(Refusal) -> Result {
        do throws(SCIMError) {
            return try step()
        } catch {
            throw Refusal.scim(error)
        }
    }
}
