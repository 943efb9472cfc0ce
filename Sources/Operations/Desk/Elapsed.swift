import Gateway
package import SCIM

/// How long ago something was, and how long it will be, as people say it.
package enum Elapsed {
    private static let units: [(seconds: Int64, name: String)] = [(86_400, "d"), (3_600, "h"), (60, "min")]

    /// `38 s ago`, `4 h ago`: in the largest unit that fits; `never` for no moment.
    package static func text(since moment: String?, now: Timestamp = SystemClock.now()) -> String {
        guard let moment = moment.flatMap({ Timestamp(rfc3339: $0) }) else { return "never" }
        return span(now.milliseconds - moment.milliseconds) + " ago"
    }

    /// `38 s`, `4 h`, `12 d`: cut to whole units, and 0 s for what lies on the other side.
    package static func span(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1_000)
        guard let unit = units.first(where: { seconds >= $0.seconds }) else { return "\(seconds) s" }
        return "\(seconds / unit.seconds) \(unit.name)"
    }
}
