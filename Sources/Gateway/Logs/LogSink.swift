package import Foundation
import Linux
import NIOCore
import NIOPosix
import Synchronization

/// Takes log lines from any thread and writes them on one of its own, so that a slow reader of stderr stops nobody.
///
/// A line is written at once, and those that come within ``GatewayLimits/logPauseMilliseconds`` after it in one piece:
/// to wake a thread for each line, and to write it, cost a seventh of a whole request. Lines beyond
/// ``GatewayLimits/pendingLogBytes`` are dropped, and how many is told in a line of its own.
package final class LogSink: Sendable {
    private let file: FileHandle
    private let thread: NIOThreadPool
    private let loop: any EventLoop
    private let pending = Mutex(Pending())

    private struct Pending {
        var bytes: [UInt8] = []
        /// From the first line to the end of the pause behind the last.
        var isBusy = false
        var dropped = 0
        var droppedSinceStart = 0
    }

    /// Only whoever writes has it.
    private let writeback: Mutex<EarlyWriteback>

    /// A sink that writes to this file, usually stderr.
    package init(_ file: FileHandle) {
        self.file = file
        writeback = Mutex(EarlyWriteback(of: file.fileDescriptor))
        self.thread = NIOThreadPool(numberOfThreads: 1)
        self.loop = MultiThreadedEventLoopGroup.singleton.next()
        thread.start()
    }

    /// Leaves a line to be written.
    package func write(_ line: [UInt8]) {
        let starts = pending.withLock { pending in
            guard pending.bytes.count + line.count <= GatewayLimits.pendingLogBytes else {
                pending.dropped += 1
                pending.droppedSinceStart += 1
                return false
            }
            pending.bytes.append(contentsOf: line)
            defer { pending.isBusy = true }
            return !pending.isBusy
        }
        if starts { submit() }
    }

    /// How many lines were dropped since the start.
    package var droppedLines: Int { pending.withLock { $0.droppedSinceStart } }

    /// Writes what is pending and ends the thread.
    ///
    /// Lines that come later are lost.
    package func close() async {
        // The pool only throws when it was never started.
        try? await thread.shutdownGracefully()
        drain()
    }

    private func submit() {
        thread.submit { _ in
            self.drain()
            self.loop.scheduleTask(in: .milliseconds(GatewayLimits.logPauseMilliseconds)) { self.goOn() }
        }
    }

    /// Writes what came in the pause, or waits for the next line.
    private func goOn() {
        let hasMore = pending.withLock { pending in
            pending.isBusy = !pending.bytes.isEmpty
            return pending.isBusy
        }
        if hasMore { submit() }
    }

    private func drain() {
        guard let bytes = takeAll() else { return }
        // A closed stderr is no reason to stop serving.
        try? file.write(contentsOf: bytes)
        writeback.withLock { _ = $0.wrote(bytes.count) }
    }

    /// All pending lines at once; nil when there are none.
    private func takeAll() -> [UInt8]? {
        pending.withLock { pending in
            guard !pending.bytes.isEmpty else { return nil }
            defer {
                pending.bytes = []
                pending.dropped = 0
            }
            guard pending.dropped > 0 else { return pending.bytes }
            let note =
                "{\"level\":\"warning\",\"message\":\"log lines dropped\",\"count\":\(pending.dropped)}\n"
            return pending.bytes + Array(note.utf8)
        }
    }
}
