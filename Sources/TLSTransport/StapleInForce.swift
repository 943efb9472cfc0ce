package import Crypto
internal import Synchronization

/// The OCSP response that is stapled to a listener's certificate: its file's, while that holds.
///
/// Nothing is fetched: whoever renews the certificate writes the file, too. A certificate is served
/// without a response rather than with one that clients refuse.
package final class StapleInForce: Sendable {
    private let file: String
    private let library: LibraryContext
    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        var staple: Staple?
        var judgement = FileJudgement()
        /// The certificate that the file was last judged for.
        var leaf: [UInt8] = []
        var untold: CertificateInForce.News?
        /// How often anything here was changed: who has read the file meanwhile begins anew.
        var generation = 0
    }

    /// A response and what it is about.
    private struct Staple {
        let response: OCSPResponse
        let leaf: [UInt8]
    }

    /// A staple that is not read yet; the clock gives seconds since 1970.
    package init(file: String, library: LibraryContext, clock: @escaping @Sendable () -> Int64) {
        self.file = file
        self.library = library
        self.clock = clock
    }

    /// The response to send with that certificate now, DER; nil when there is none.
    func response(about leaf: [UInt8]) -> [UInt8]? {
        let staple = state.withLock { $0.staple }
        guard let staple, staple.leaf == leaf, staple.response.holds(at: clock()) else { return nil }
        return staple.response.der
    }

    /// Why none is sent; nil when all is well.
    var problem: TLSConfigurationError? { state.withLock { $0.judgement.problem } }

    /// The last thing that nobody was told yet.
    func takeNews() -> CertificateInForce.News? {
        state.withLock { state in
            defer { state.untold = nil }
            return state.untold
        }
    }

    /// Looks whether the file, the certificate or the day has changed.
    ///
    /// Blocks: not for an event loop. What is wrong counts as such at the second look, or at once
    /// when somebody asks.
    func refresh(for chain: CertificateChain, isAsked: Bool) {
        let before = state.withLock { $0 }
        // Read first: what changes while the file is read is seen at the next look.
        let marks = [FileMark(file)]
        let now = clock()
        let holds = before.staple.map { $0.response.holds(at: now) } ?? false
        guard before.judgement.mustRead(marks) || before.leaf != chain.leaf || !holds else { return }
        var after = before
        after.leaf = chain.leaf
        do throws(TLSConfigurationError) {
            let response = try OCSPResponse.reading(file, about: chain, library: library, now: now)
            let isMended = after.judgement.accept(marks)
            let isOther = before.staple.map { $0.response.der != response.der } ?? false
            if isMended || isOther { after.untold = .stapled }
            after.staple = Staple(response: response, leaf: chain.leaf)
        } catch {
            let told = chain.demandsStaple ? error.onMustStaple : error
            if after.judgement.refuse(marks, told, isAsked: isAsked) { after.untold = .notStapled(told) }
            if after.judgement.problem != nil { after.staple = nil }
        }
        after.generation += 1
        state.withLock { state in
            if state.generation == before.generation { state = after }
        }
    }
}

extension TLSConfigurationError {
    /// The same finding about a certificate that is of no use without a response.
    fileprivate var onMustStaple: TLSConfigurationError {
        TLSConfigurationError(
            code,
            file: file,
            message: "\(message); clients refuse this certificate without one (must-staple)",
            fix: fix
        )
    }
}
