internal import COpenSSL
package import Crypto
internal import NIOCore

/// One handshake in memory against a listener's TLS: what a client would get that offers just this.
///
/// No socket and no other machine: for an operator who wants to see what a certificate, a policy and a FIPS module make
/// of clients before any comes. The client is an OpenSSL of its own, in an ordinary library context, which could do more
/// than it offers.
package struct HandshakeTrial: Sendable, Equatable {
    /// The only version that is offered.
    package let version: TLSVersion
    /// The suites that are offered, by OpenSSL's names, all of that version.
    package let suites: [String]
    /// The groups that are offered: `P-256`.
    package let groups: [String]

    /// What came of a trial.
    package enum Outcome: Sendable, Equatable {
        /// The two agreed.
        case agreed(TLSHandshakeCompleted)
        /// The listener refused.
        case refused(TLSFailure)
        /// The client could not even ask: this OpenSSL does not have what was to be offered.
        case impossible
    }

    /// A trial of that offer.
    package init(version: TLSVersion, suites: [String], groups: [String]) {
        self.version = version
        self.suites = suites
        self.groups = groups
    }

    /// Shakes hands.
    ///
    /// Blocks for some milliseconds of computation: not for an event loop.
    package func attempt(with server: TLSServerContext, from library: LibraryContext) -> Outcome {
        guard let client = TrialClient(self, in: library) else { return .impossible }
        do throws(TLSFailure) {
            let session = try TLSSession(context: server)
            for _ in 0..<Self.mostFlights {
                session.consumeCiphertext(ByteBuffer(bytes: client.flight()))
                switch session.doHandshake() {
                case .complete: return .agreed(session.agreement)
                case .failed(let failure): return .refused(failure)
                case .closed: return .refused(TLSFailure(.handshakeFailed))
                case .incomplete: client.receive(session.takeCiphertext())
                }
            }
            return .refused(TLSFailure(.handshakeFailed))
        } catch {
            return .refused(error)
        }
    }

    /// Messages of the client until it gives up: TLS 1.2 takes two, and one more when TLS 1.3 asks for another group.
    private static let mostFlights = 4
}

/// The client's end of a trial.
@safe
private final class TrialClient {
    // SAFETY: made in init, freed in deinit with all that was given to it; used by one function in between.
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// A client that offers what the trial says; nil when it cannot.
    init?(_ trial: HandshakeTrial, in library: LibraryContext) {
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        let context = unsafe library.withPointer { unsafe SSL_CTX_new_ex($0, nil, TLS_client_method()) }
        // The SSL holds a reference of its own.
        defer { unsafe SSL_CTX_free(context) }
        guard let context = unsafe context, unsafe Self.offer(trial, in: context),
            let ssl = unsafe SSL_new(context)
        else { return nil }
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(ssl)
            return nil
        }
        unsafe SSL_set_bio(ssl, incoming, outgoing)
        unsafe SSL_set_connect_state(ssl)
        unsafe self.ssl = ssl
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
    }

    deinit {
        unsafe SSL_free(ssl)
    }

    /// The level is the lowest: it is the server that is to refuse.
    private static func offer(_ trial: HandshakeTrial, in context: OpaquePointer) -> Bool {
        unsafe SSL_CTX_set_security_level(context, 0)
        let suites = trial.suites.joined(separator: ":")
        let areSuitesSet =
            switch trial.version {
            case .tls12: unsafe SSL_CTX_set_cipher_list(context, suites) == 1
            case .tls13: unsafe SSL_CTX_set_ciphersuites(context, suites) == 1
            }
        return unsafe areSuitesSet
            && gateway_SSL_CTX_set_min_proto_version(context, trial.version.number) == 1
            && gateway_SSL_CTX_set_max_proto_version(context, trial.version.number) == 1
            && gateway_SSL_CTX_set1_groups_list(context, trial.groups.joined(separator: ":")) == 1
    }

    /// What the client says next; empty when it has nothing more to say.
    func flight() -> [UInt8] {
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        _ = unsafe SSL_do_handshake(ssl)
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(outgoing)))
        guard !bytes.isEmpty, unsafe BIO_read(outgoing, &bytes, Int32(bytes.count)) == bytes.count else {
            return []
        }
        return bytes
    }

    /// Takes what the server said.
    func receive(_ ciphertext: ByteBuffer?) {
        guard let bytes = ciphertext.map({ Array($0.readableBytesView) }) else { return }
        _ = unsafe BIO_write(incoming, bytes, Int32(bytes.count))
    }
}
