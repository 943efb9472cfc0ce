package import Logging
package import SCIM

/// swift-log's handler: one line per event, JSON for machines, plain text for a terminal.
///
/// ```
/// {"time":"2026-11-23T14:02:41.118Z","level":"info","message":"request done","event":"request.done",…}
/// 14:02:41.118 info  request done  event=request.done …
/// ```
package struct LineLogHandler: LogHandler {
    /// Metadata that every line carries.
    package var metadata: Logger.Metadata = [:]
    /// Lines below it are not written: the process's threshold, unless this logger has one of its own.
    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }
    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold
    private let label: String
    private let format: Format
    private let sink: LogSink
    private let now: @Sendable () -> Timestamp

    /// How a line looks.
    package enum Format: Sendable {
        /// One JSON object a line.
        case json
        /// For people at a terminal.
        case text
    }

    /// A handler that writes lines to a sink.
    package init(
        label: String,
        threshold: LogThreshold,
        format: Format,
        sink: LogSink,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.label = label
        self.threshold = threshold
        self.format = format
        self.sink = sink
        self.now = now
    }

    /// One item of the metadata that every line carries.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes an event as one line.
    package func log(event: LogEvent) {
        let own = event.metadata ?? [:]
        let items = metadata.isEmpty ? own : metadata.merging(own) { _, new in new }
        var writer = JSONWriter()
        switch format {
        case .json: writeJSON(event.level, event.message, items, &writer)
        case .text: writeText(event.level, event.message, items, &writer)
        }
        writer.bytes.append(UInt8(ascii: "\n"))
        sink.write(writer.bytes)
    }

    private func writeJSON(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ items: Logger.Metadata,
        _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("time", now().rfc3339)
        writer.member("level", level.rawValue)
        writer.member("message", message.description)
        writer.member("logger", label)
        for (name, value) in items.sorted(by: { TextOrder.isBefore($0.key, $1.key) }) {
            switch value {
            case .stringConvertible(let number as Int): writer.member(name, number)
            case .stringConvertible(let number as Int64): writer.member(name, Int(number))
            default: writer.member(name, value.description)
            }
        }
        writer.endObject()
    }

    private func writeText(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ items: Logger.Metadata,
        _ writer: inout JSONWriter
    ) {
        let time = now().rfc3339.dropFirst(11).dropLast()
        writer.raw("\(time) \(level.rawValue.padded(to: 8)) \(message)")
        for (name, value) in items.sorted(by: { TextOrder.isBefore($0.key, $1.key) }) {
            writer.raw("  \(name)=")
            writer.raw(value.description.filter { !$0.isNewline })
        }
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
