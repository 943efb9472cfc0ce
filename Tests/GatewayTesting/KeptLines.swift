package import Logging
package import Synchronization

/// The metadata of lines, as text.
package final class KeptLines: Sendable {
    /// The lines so far, oldest first.
    package let lines = Mutex<[[String: String]]>([])

    /// None yet.
    package init() {}

    /// A logger whose lines are kept here.
    package var logger: Logger { Logger(label: "test") { _ in Handler(kept: self) } }

    private struct Handler: LogHandler {
        let kept: KeptLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        func log(event: LogEvent) {
            kept.lines.withLock { $0.append((event.metadata ?? [:]).mapValues { "\($0)" }) }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}

extension Logger {
    /// Writes nothing.
    package static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
