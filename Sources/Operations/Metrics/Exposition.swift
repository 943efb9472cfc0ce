/// Metrics in the text that Prometheus reads, format 0.0.4: what `GET /metrics` answers.
///
/// Source: Prometheus, "Exposition formats", text-based format.
struct Exposition: Sendable, Equatable {
    /// In the order in which they are told.
    let families: [MetricFamily]

    /// The media type of ``text``.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The whole text; a metric without series is told all the same, so that one learns of it.
    var text: String { families.map(\.text).joined() }
}
