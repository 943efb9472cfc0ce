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
        write(event.level, event.message.description, Self.fields(event.metadata ?? [:]), at: now())
    }

    /// Writes a line of that moment with these fields, which are in the order of their names.
    func write(_ level: Logger.Level, _ message: String, _ own: [LogField], at moment: Timestamp) {
        var fields = own
        if !metadata.isEmpty {
            let names = Set(own.map(\.name.text))
            fields += Self.fields(metadata).filter { !names.contains($0.name.text) }
            fields.sort { TextOrder.isBefore($0.name.text, $1.name.text) }
        }
        var writer = JSONWriter()
        switch format {
        case .json: writeJSON(level, message, fields, moment, &writer)
        case .text: writeText(level, message, fields, moment, &writer)
        }
        writer.bytes.append(UInt8(ascii: "\n"))
        sink.write(writer.bytes)
    }

    /// Whether a line has the fields of its event as they are, and none beside: it can be written without a list of them.
    var isPlain: Bool { format == .json && metadata.isEmpty }

    /// Writes a line of that moment whose fields are told one by one; for a plain handler only.
    func writePlain(
        _ level: Logger.Level,
        _ message: String,
        at moment: Timestamp,
        telling fields: (inout JSONWriter) -> Void
    ) {
        var writer = JSONWriter(capacity: Self.usualBytes)
        begin(level, message, moment, &writer)
        fields(&writer)
        writer.endObject()
        writer.bytes.append(UInt8(ascii: "\n"))
        sink.write(writer.bytes)
    }

    /// Bytes of a request's line, and some to spare.
    private static let usualBytes = 768

    /// The metadata as fields, in the order of their names.
    private static func fields(_ metadata: Logger.Metadata) -> [LogField] {
        metadata.sorted { TextOrder.isBefore($0.key, $1.key) }.map { name, value in
            let name = JSONName(name)
            return switch value {
            case .stringConvertible(let number as Int): LogField(name, .number(number))
            case .stringConvertible(let number as Int64): LogField(name, .number(Int(number)))
            default: LogField(name, .text(value.description))
            }
        }
    }

    private func writeJSON(
        _ level: Logger.Level,
        _ message: String,
        _ fields: [LogField],
        _ moment: Timestamp,
        _ writer: inout JSONWriter
    ) {
        begin(level, message, moment, &writer)
        for field in fields {
            switch field.value {
            case .number(let number): writer.member(field.name, number)
            case .text(let text): writer.member(field.name, text)
            }
        }
        writer.endObject()
    }

    private func begin(
        _ level: Logger.Level,
        _ message: String,
        _ moment: Timestamp,
        _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name(.time)
        writer.timestamp(moment)
        writer.member(.level, level.rawValue)
        writer.member(.message, message)
        writer.member(.logger, label)
    }

    private func writeText(
        _ level: Logger.Level,
        _ message: String,
        _ fields: [LogField],
        _ moment: Timestamp,
        _ writer: inout JSONWriter
    ) {
        let time = moment.rfc3339.dropFirst(11).dropLast()
        writer.raw("\(time) \(level.rawValue.padded(to: 8)) \(message)")
        for field in fields {
            writer.raw("  \(field.name.text)=")
            switch field.value {
            case .number(let number): writer.raw("\(number)")
            case .text(let text): writer.raw(text.filter { !$0.isNewline })
            }
        }
    }
}

extension JSONName {
    fileprivate static let time = JSONName("time")
    fileprivate static let level = JSONName("level")
    fileprivate static let message = JSONName("message")
    fileprivate static let logger = JSONName("logger")
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
