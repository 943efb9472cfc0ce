package import Crypto
internal import Synchronization

/// The certificate that a listener shows: that of its files, and when those are wrong the last one
/// that was right.
///
/// Each new connection asks it for the context; those that are open keep theirs.
package final class CertificateInForce: Sendable {
    private let policy: TLSPolicy
    private let files: TLSFiles
    private let library: LibraryContext
    private let tickets: TicketKeys?
    private let state: Mutex<State>

    /// What a look at the files found.
    package enum News: Sendable, Equatable {
        /// Other files, and they are right: new connections get them.
        case renewed
        /// Other files, or the same ones by now, are wrong: the last right ones stay.
        case refused(TLSConfigurationError)
        /// What was wrong is no more, and the certificate in force is the files'.
        case mended
    }

    private struct State {
        var context: TLSServerContext
        /// The files that were last judged.
        var judged: [FileMark?]
        /// Files that were wrong when they were first seen.
        ///
        /// Whoever writes two files, or one slowly, is given time until the next look.
        var suspected: [FileMark?]?
        var problem: TLSConfigurationError?
        var untold: News?
        /// How often anything here was changed: who has read files meanwhile begins anew.
        var generation = 0

        mutating func take(_ new: TLSServerContext, _ marks: [FileMark?]) {
            if new.contentDigest != context.contentDigest {
                untold = .renewed
            } else if problem != nil {
                untold = .mended
            }
            context = new
            judged = marks
            suspected = nil
            problem = nil
        }

        mutating func refuse(
            _ marks: [FileMark?],
            _ error: TLSConfigurationError,
            isAsked: Bool
        ) {
            guard isAsked || marks == judged || marks == suspected else {
                suspected = marks
                return
            }
            judged = marks
            suspected = nil
            if problem?.description != error.description { untold = .refused(error) }
            problem = error
        }
    }

    /// Reads the files.
    ///
    /// Blocks: not for an event loop.
    ///
    /// `tickets` and `now` are as for `TLSServerContext`.
    /// - Throws: what is wrong with them.
    package init(
        policy: TLSPolicy,
        files: TLSFiles,
        library: LibraryContext,
        tickets: TicketKeys?,
        now: Int64
    ) throws(TLSConfigurationError) {
        let marks = files.marks
        let context = try TLSServerContext(
            policy: policy,
            files: files,
            library: library,
            tickets: tickets,
            now: now
        )
        self.policy = policy
        self.files = files
        self.library = library
        self.tickets = tickets
        state = Mutex(State(context: context, judged: marks))
    }

    /// What new connections get.
    package var context: TLSServerContext { state.withLock { $0.context } }

    /// Why the files are not in force, or clients refuse what is; nil when all is well.
    package var problem: TLSConfigurationError? { state.withLock { $0.problem } }

    /// The last thing that nobody was told yet.
    package func takeNews() -> News? {
        state.withLock { state in
            defer { state.untold = nil }
            return state.untold
        }
    }

    /// Looks whether the files have changed, and takes them when they are right.
    ///
    /// Blocks: not for an event loop. Files that are wrong count as such at the second look, or at
    /// once when an operator asks.
    package func refresh(now: Int64, isAsked: Bool = false) {
        let before = state.withLock { $0 }
        // Read first: what changes while the files are read is seen at the next look.
        let marks = files.marks
        // Files that were refused are tried each time: a right of a folder or the day may have changed.
        guard marks != before.judged || before.problem != nil || now > before.context.notAfter else { return }
        var after = before
        do throws(TLSConfigurationError) {
            let context = try TLSServerContext(
                policy: policy,
                files: files,
                library: library,
                tickets: tickets,
                now: now
            )
            after.take(context, marks)
        } catch {
            after.refuse(marks, error, isAsked: isAsked)
        }
        after.generation += 1
        state.withLock { state in
            if state.generation == before.generation { state = after }
        }
    }
}

extension TLSFiles {
    /// The present state of each file.
    fileprivate var marks: [FileMark?] { [FileMark(certificate), FileMark(key)] }
}
