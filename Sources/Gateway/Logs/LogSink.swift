package import Foundation
import NIOPosix
import Synchronization

/// Takes log lines from any thread and writes them on one of its own, so that a slow reader of stderr stops nobody.
///
/// Lines beyond ``GatewayLimits/pendingLogBytes`` are dropped, and how many is told in a line of its own.
package final class LogSink: Sendable {
    private let file: FileHandle
    private let thread: NIOThreadPool
    private let pending = Mutex(Pending())

    private struct Pending {
        var bytes: [UInt8] = []
        var isWriting = false
        var dropped = 0
    }

    /// A sink that writes to this file, usually stderr.
    package init(_ file: FileHandle) {
        self.file = file
        self.thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    /// Leaves a line to be written.
    package func write(_ line: [UInt8]) {
        let starts = pending.withLock { pending in
            guard pending.bytes.count + line.count <= GatewayLimits.pendingLogBytes else {
                pending.dropped += 1
                return false
            }
            pending.bytes.append(contentsOf: line)
            defer { pending.isWriting = true }
            return !pending.isWriting
        }
        if starts { thread.submit { _ in self.drain() } }
    }

    /// Writes what is pending and ends the thread.
    ///
    /// Lines that come later are lost.
    package func close() async {
        // The pool only throws when it was never started.
        try? await thread.shutdownGracefully()
        drain()
    }

    private func drain() {
        while let bytes = takeAll() {
            // A closed stderr is no reason to stop serving.
            try? file.write(contentsOf: bytes)
        }
    }

    /// All pending lines at once; nil ends the writing.
    private func takeAll() -> [UInt8]? {
        pending.withLock { pending in
            guard !pending.bytes.isEmpty else {
                pending.isWriting = false
                return nil
            }
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
