import Gateway

/// One metric of an exposition with its series.
///
/// Of two series with the same labels there is one: a scraper refuses the whole text otherwise.
struct MetricFamily: Sendable, Equatable {
    /// `scimgw_tenants`; a counter's ends in `_total`.
    let name: String
    /// What may be computed with it.
    let kind: Kind
    /// One sentence for people.
    let help: String
    /// What becomes of two values with the same labels.
    private let merging: Merging
    private(set) var series: [Series] = []
    /// The series by the bytes of its labels: names that Unicode calls the same are two files all the same.
    private var places: [[UInt8]: Int] = [:]

    /// What may be computed with a metric.
    enum Kind: String, Sendable {
        /// It only grows, until a restart.
        case counter
        /// It goes up and down.
        case gauge
        /// How many there were of each size or below, until a restart.
        case histogram
    }

    /// What becomes of two values with the same labels.
    enum Merging: Sendable {
        /// They are counts of different things.
        case sum
        /// They are moments, and the first is what an alert waits for.
        case earliest
        /// They are moments, and the last tells when something was seen.
        case latest

        fileprivate func merged(_ one: Int64, _ other: Int64) -> Int64 {
            switch self {
            case .sum: one + other
            case .earliest: min(one, other)
            case .latest: max(one, other)
            }
        }
    }

    /// A value and what it is of.
    struct Series: Sendable, Equatable {
        /// What follows the metric's name: of a histogram `_bucket`, `_sum` or `_count`, else nothing.
        var suffix = ""
        /// As they are written: `tenant="contoso",token_id="k7Qm2x4B"`.
        let labels: String
        /// In thousandths, if ``isThousandths``.
        fileprivate(set) var value: Int64
        /// Whether the value is milliseconds, which are written as seconds.
        var isThousandths = false

        fileprivate var valueText: String { isThousandths ? MetricFamily.seconds(value) : "\(value)" }
    }

    /// A metric without series.
    init(_ name: String, _ kind: Kind, _ help: String, merging: Merging = .sum) {
        self.name = name
        self.kind = kind
        self.help = help
        self.merging = merging
    }

    /// Adds a value; one with the labels of another is merged with it.
    mutating func add(_ value: Int64, _ labels: KeyValuePairs<String, String> = [:]) {
        add(Series(labels: Self.text(labels), value: value))
    }

    /// Adds a time, which is told in seconds.
    mutating func add(milliseconds: Int64, _ labels: KeyValuePairs<String, String> = [:]) {
        add(Series(labels: Self.text(labels), value: milliseconds, isThousandths: true))
    }

    /// Adds the times of a histogram: how many took each bound or less, all of them together, and how many there were.
    mutating func add(_ times: LatencyTally.Counts, _ labels: KeyValuePairs<String, String>) {
        let text = Self.text(labels)
        let bounds = LatencyTally.bounds.map { Self.seconds(Int64($0)) } + ["+Inf"]
        var count: Int64 = 0
        for (bound, more) in zip(bounds, times.classes) {
            count += Int64(more)
            add(Series(suffix: "_bucket", labels: "\(text),le=\"\(bound)\"", value: count))
        }
        let sum = Int64(times.milliseconds)
        add(Series(suffix: "_sum", labels: text, value: sum, isThousandths: true))
        add(Series(suffix: "_count", labels: text, value: count))
    }

    private mutating func add(_ one: Series) {
        let key = Array("\(one.suffix) \(one.labels)".utf8)
        if let place = places[key] {
            series[place].value = merging.merged(series[place].value, one.value)
        } else {
            places[key] = series.count
            series.append(one)
        }
    }

    private static func text(_ labels: KeyValuePairs<String, String>) -> String {
        labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    }

    /// Milliseconds as seconds: `0.025`, `2.5`, `10`.
    private static func seconds(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest != 0 else { return "\(whole)" }
        var digits = String(1_000 + rest).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// The lines of the metric, each with its line feed.
    ///
    /// ```
    /// # HELP scimgw_tenants Tenants by state.
    /// # TYPE scimgw_tenants gauge
    /// scimgw_tenants{state="active"} 2
    /// ```
    var text: String {
        let told = help.escaping(["\\": "\\\\", "\n": "\\n"])
        var text = "# HELP \(name) \(told)\n# TYPE \(name) \(kind.rawValue)\n"
        for series in series {
            text += series.labels.isEmpty ? name : "\(name)\(series.suffix){\(series.labels)}"
            text += " \(series.valueText)\n"
        }
        return text
    }

    /// A label's value between its quotes: the format knows these three escapes.
    private static func escaped(_ value: String) -> String {
        value.escaping(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"])
    }
}

extension String {
    /// The text with these scalars written otherwise.
    ///
    /// By scalars: a line feed behind a carriage return is one character with it.
    fileprivate func escaping(_ escapes: [Unicode.Scalar: String]) -> String {
        guard unicodeScalars.contains(where: { escapes[$0] != nil }) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if let escape = escapes[scalar] {
                text.append(contentsOf: escape.unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
