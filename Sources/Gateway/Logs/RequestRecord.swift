import Dialects
import HTTPTransport
import HTTPTypes
import SCIM
import Store
import Tenancy

/// What one request leaves in the log: names, numbers and ids, never a value that a person or a client sent.
struct RequestRecord {
    /// The request's id.
    let requestID: RequestID
    /// `GET`, `POST`, …; a method we do not know is told as `other`.
    let method: String
    /// `1.1` or `2`.
    let httpVersion: String
    /// The socket's peer.
    let clientAddress: String
    /// `1.2` or `1.3`; nil where there is no TLS.
    let tlsVersion: String?
    /// SHA-256 of the client's certificate, in hexadecimal; nil where none was asked for.
    let clientCertificate: String?
    /// When it began.
    let started: Timestamp
    /// The number of the event loop that it came in on.
    let loop: Int
    /// The places of method and endpoint in ``RequestShape``.
    private var places: (method: Int, route: Int)
    /// The endpoint's template.
    private(set) var route = "-"
    /// Whose it is; nil before admission.
    private(set) var scope: TenantScope?
    /// What the client sent of itself.
    private let fields: HTTPFields
    /// The peer's address, to be looked up in the networks.
    private let address: IPAddress?
    /// The networks of Entra in the profile's cloud.
    private var networks: NetworkList?
    /// What it was, for the activity; nil for a write, whose entry is stored with it.
    private(set) var kind: ActivityKind?
    /// The resource that its path names.
    private(set) var subject: ActivityEntry.Subject?
    /// Why it was refused.
    private(set) var refusal: Refusal?
    /// Why it was refused, from a closed set.
    private(set) var reason: String?
    /// The tenant and token that a refused token names.
    private(set) var claim: AdmissionRefusal.Claim?
    /// What the store said; never shown to the client.
    private(set) var cause: String?
    /// Attributes that were dropped, unknown or already so.
    private(set) var notes: [Note] = []
    /// How it departed from the RFC and was understood all the same; of a bulk request each operation by itself.
    private(set) var departures: [ClientQuirk] = []
    /// How many operations of a bulk request were done or tried, and how many of them failed.
    private(set) var bulk: (operations: Int, failures: Int)?
    /// The operations of a bulk request that stored nothing.
    private(set) var idle: [IdleOperation] = []

    /// A record of a request that begins.
    init(requestID: RequestID, request: IncomingRequest, peer: Peer, started: Timestamp) {
        let place = RequestShape.place(of: request.head.method)
        self.requestID = requestID
        self.method = RequestShape.methods[place]
        self.places = (place, 0)
        self.loop = peer.loop
        self.httpVersion = request.version
        self.clientAddress = peer.text
        self.tlsVersion = peer.tlsVersion
        self.address = peer.address
        self.fields = request.head.headerFields
        self.clientCertificate = peer.certificate
        self.started = started
    }

    /// What the client calls itself, cut and cleaned; nil when it does not say.
    var client: String? { fields.text(of: .userAgent).flatMap(ClientName.cleaned) }

    /// ``departures``, each told once.
    var quirks: [ClientQuirk] {
        bulk == nil ? departures : ClientQuirk.allCases.filter(departures.contains)
    }

    /// The methods that are told by name.
    private static let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Whose network the request came from; nil when no list of networks is known.
    var network: SourceNetwork? {
        guard let networks, let address else { return nil }
        return networks.network(of: address)
    }

    /// What is counted of it, once it has its answer.
    func shape(status: Int) -> RequestShape {
        RequestShape(method: places.method, route: places.route, status: status)
    }

    /// The networks are known against which the address is held.
    mutating func came(among networks: NetworkList?) {
        self.networks = networks
    }

    /// The token opened a connection.
    mutating func admitted(_ scope: TenantScope) {
        self.scope = scope
    }

    /// The path named an endpoint.
    mutating func reached(_ endpoint: Endpoint) {
        route = endpoint.template
        places.route = endpoint.place
        if case .resource(let type, let id) = endpoint { subject = .init(type, id) }
    }

    /// It read something, tested the connection, or changed nothing.
    mutating func was(_ kind: ActivityKind) {
        self.kind = kind
    }

    /// Attributes were left out on the way: these are all of them so far.
    mutating func noted(_ notes: [Note]) {
        self.notes = notes
    }

    /// The body was understood in spite of these.
    mutating func departed(by quirks: [ClientQuirk]) {
        departures = quirks
    }

    /// The operations of a bulk request were performed, as far as they were.
    mutating func performed(_ run: BulkRun) {
        bulk = (run.operations, run.failures)
        idle = run.idle
        noted(run.notes)
        departed(by: run.departures)
        if let outage = run.outage { refused(outage) }
    }

    /// The request was refused.
    mutating func refused(_ refusal: Refusal) {
        self.refusal = refusal
        reason = refusal.reason
        switch refusal {
        case .notAdmitted(let refusal): claim = refusal.claim
        case .unavailable(let cause): self.cause = cause
        default: break
        }
    }
}
