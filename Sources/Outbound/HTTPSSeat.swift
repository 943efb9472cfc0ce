internal import Dispatch

/// A client with a thread to block: requests of one connection, one after another.
package actor HTTPSSeat {
    private let client: HTTPSClient
    private let turns: BlockingTurns

    /// The actor works on a queue of its own: libcurl waits for the network where it is called.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe turns.asUnownedSerialExecutor() }

    /// A seat whose client finds and trusts as the route says, and offers that in its handshakes.
    ///
    /// - Throws: as ``HTTPSClient``.
    package init(_ route: Route, offering offer: TLSOffer = .ordinary) throws(HTTPSFailure) {
        client = try HTTPSClient(route, offering: offer)
        turns = BlockingTurns()
    }

    /// Sends a request and waits for its answer, whether the task is cancelled meanwhile or not.
    package func exchange(_ request: HTTPSRequest) -> Result<HTTPSAnswer, HTTPSFailure> {
        do throws(HTTPSFailure) {
            return .success(try client.exchange(request))
        } catch {
            return .failure(error)
        }
    }

    /// Shakes hands with a server and goes again.
    package func look(at url: String, offering offer: TLSOffer) -> Result<TLSLook, HTTPSFailure> {
        do throws(HTTPSFailure) {
            return .success(try client.look(at: url, offering: offer))
        } catch {
            return .failure(error)
        }
    }

    /// Looks a name up: as slow as the machine's resolver.
    package func addresses(of host: String) -> [String] { NameLookup.addresses(of: host) }
}

/// A serial queue as an actor's executor.
private final class BlockingTurns: SerialExecutor {
    private let queue = DispatchQueue(label: "outbound")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }
}
