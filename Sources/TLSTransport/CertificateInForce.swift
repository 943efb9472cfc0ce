package import Crypto
internal import Synchronization

/// The certificate that a listener shows: that of its files, and when those are wrong the last one
/// that was right.
///
/// Each new connection asks it for the context; those that are open keep theirs. With it go the
/// authorities of the clients, and the OCSP response, which is judged by itself.
package final class CertificateInForce: Sendable {
    private let policy: TLSPolicy
    private let files: TLSFiles
    private let library: LibraryContext
    private let tickets: TicketKeys?
    private let staple: StapleInForce?
    private let clock: @Sendable () -> Int64
    private let state: Mutex<State>

    /// What a look at the files found.
    package enum News: Sendable, Equatable {
        /// Other files, and they are right: new connections get them.
        case renewed
        /// Other files, or the same ones by now, are wrong: the last right ones stay.
        case refused(TLSConfigurationError)
        /// What was wrong is no more, and the certificate in force is the files'.
        case mended
        /// Another OCSP response is stapled.
        case stapled
        /// No OCSP response is stapled: the file's is wrong, or holds no more.
        case notStapled(TLSConfigurationError)
    }

    private struct State {
        var context: TLSServerContext
        var judgement = FileJudgement()
        var untold: [News] = []
        /// How often anything here was changed: who has read files meanwhile begins anew.
        var generation = 0
    }

    /// Reads the files.
    ///
    /// Blocks: not for an event loop.
    ///
    /// `tickets` are as for `TLSServerContext`; the clock gives seconds since 1970.
    /// - Throws: what is wrong with them. An OCSP response that is wrong is a `stapleProblem`.
    package init(
        policy: TLSPolicy,
        files: TLSFiles,
        library: LibraryContext,
        tickets: TicketKeys?,
        clock: @escaping @Sendable () -> Int64
    ) throws(TLSConfigurationError) {
        let staple = files.response.map { StapleInForce(file: $0, library: library, clock: clock) }
        let marks = files.marks
        let context = try TLSServerContext(
            policy: policy,
            files: files,
            library: library,
            tickets: tickets,
            staple: staple,
            now: clock()
        )
        staple?.refresh(for: context.chain, isAsked: true)
        var state = State(context: context)
        _ = state.judgement.accept(marks)
        if let missing = context.missingStaple(of: files) { state.untold.append(.notStapled(missing)) }
        self.policy = policy
        self.files = files
        self.library = library
        self.tickets = tickets
        self.staple = staple
        self.clock = clock
        self.state = Mutex(state)
    }

    /// What new connections get.
    package var context: TLSServerContext { state.withLock { $0.context } }

    /// Why the files are not in force, or clients refuse what is; nil when all is well.
    package var problem: TLSConfigurationError? { state.withLock { $0.judgement.problem } }

    /// Why no OCSP response is stapled though the settings or the certificate want one; nil when all
    /// is well.
    package var stapleProblem: TLSConfigurationError? {
        staple.map(\.problem) ?? context.missingStaple(of: files)
    }

    /// What nobody was told yet.
    package func takeNews() -> [News] {
        let news = state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
        return news + [staple?.takeNews()].compactMap { $0 }
    }

    /// Looks whether the files have changed, and takes them when they are right.
    ///
    /// Blocks: not for an event loop. Files that are wrong count as such at the second look, or at
    /// once when an operator asks.
    package func refresh(isAsked: Bool = false) {
        refreshContext(isAsked: isAsked)
        staple?.refresh(for: context.chain, isAsked: isAsked)
    }

    private func refreshContext(isAsked: Bool) {
        let before = state.withLock { $0 }
        // Read first: what changes while the files are read is seen at the next look.
        let marks = files.marks
        let now = clock()
        guard before.judgement.mustRead(marks) || now > before.context.rightUntil else { return }
        var after = before
        do throws(TLSConfigurationError) {
            let context = try TLSServerContext(
                policy: policy,
                files: files,
                library: library,
                tickets: tickets,
                staple: staple,
                now: now
            )
            let isMended = after.judgement.accept(marks)
            after.context = context
            if context.contentDigest != before.context.contentDigest {
                after.untold = [.renewed] + (context.missingStaple(of: files).map { [.notStapled($0)] } ?? [])
            } else if isMended {
                after.untold = [.mended]
            }
        } catch {
            if after.judgement.refuse(marks, error, isAsked: isAsked) { after.untold = [.refused(error)] }
        }
        after.generation += 1
        state.withLock { state in
            if state.generation == before.generation { state = after }
        }
    }
}

extension TLSFiles {
    /// The present state of each file but the OCSP response's.
    fileprivate var marks: [FileMark?] {
        [certificate, key, clientAuthorities].map { $0.flatMap(FileMark.init) }
    }
}

extension TLSServerContext {
    /// The finding about a certificate that is of no use without an OCSP response, where none is
    /// named.
    fileprivate func missingStaple(of files: TLSFiles) -> TLSConfigurationError? {
        guard chain.demandsStaple, files.response == nil else { return nil }
        return TLSConfigurationError(
            .responseMissing,
            file: files.certificate,
            message: "clients refuse this certificate without a stapled OCSP response (must-staple)",
            fix: "name a file of one as ocsp_response, or have the certificate issued without must-staple"
        )
    }
}
