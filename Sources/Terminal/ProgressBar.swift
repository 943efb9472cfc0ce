/// How far a long work has come, for stderr: a bar on a terminal, a line at each tenth elsewhere.
///
/// A pure machine: it says what to write, and when nothing is to be written.
///
/// ```
/// importing  [#########           ]  46 %  4,600 of 10,000  7 s left
/// ```
package struct ProgressBar: Sendable {
    private let title: String
    private let total: Int
    private let form: Form
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?
    private var lastTenth = 0
    private var isOpen = false

    /// How progress is shown.
    package enum Form: Sendable, Equatable {
        /// One line that is written over, at most so many columns wide.
        case bar(columns: Int)
        /// A line at each tenth: logs and dumb terminals keep what was written.
        case lines
        /// Not at all.
        case silent

        /// The form for a stream.
        package init(isTerminal: Bool, environment: [String: String], isQuiet: Bool) {
            let kind = environment["TERM"] ?? ""
            if isQuiet {
                self = .silent
            } else if isTerminal, !kind.isEmpty, kind != "dumb" {
                let columns = environment["COLUMNS"].flatMap { Int($0) } ?? Self.usualColumns
                self = .bar(columns: max(columns, Self.fewestColumns))
            } else {
                self = .lines
            }
        }

        /// Columns of a terminal that does not tell.
        private static let usualColumns = 80
        /// Columns below which a line would be cut to nothing.
        private static let fewestColumns = 20
    }

    /// A work of so many steps that starts now.
    package init(_ title: String, total: Int, form: Form, start: ContinuousClock.Instant) {
        self.title = ShownText.harmless(title)
        self.total = max(total, 0)
        self.form = form
        self.start = start
    }

    /// What to write to stderr when so many steps are done; nil is nothing.
    package mutating func text(done: Int, now: ContinuousClock.Instant) -> String? {
        let done = min(max(done, 0), total)
        switch form {
        case .silent: return nil
        case .lines: return line(done)
        case .bar(let columns):
            if let lastShown, done < total, now - lastShown < Self.pause { return nil }
            lastShown = now
            isOpen = true
            return "\r" + bar(done, columns: columns, now: now) + Self.eraseToEnd
        }
    }

    /// What to write at the end, whether it went well or not: the bar's line is left as it is, so that words can follow.
    package mutating func end() -> String? {
        guard isOpen else { return nil }
        isOpen = false
        return "\n"
    }

    private mutating func line(_ done: Int) -> String? {
        let tenth = total == 0 ? 10 : done * 10 / total
        guard tenth > lastTenth else { return nil }
        lastTenth = tenth
        return "\(title)  \(counted(done))\n"
    }

    /// Title and figures always; the bar takes what is left of the line.
    private func bar(_ done: Int, columns: Int, now: ContinuousClock.Instant) -> String {
        let figures = counted(done) + (left(done, now: now).map { "  \($0) left" } ?? "")
        let room = columns - 1 - ShownText.columns(of: title) - figures.count - 6
        guard room >= Self.fewestCells else { return String("\(title)  \(figures)".prefix(columns - 1)) }
        let cells = min(room, Self.mostCells)
        let filled = total == 0 ? cells : done * cells / total
        let marks = String(repeating: "#", count: filled) + String(repeating: " ", count: cells - filled)
        return "\(title)  [\(marks)]  \(figures)"
    }

    private func counted(_ done: Int) -> String {
        let percent = total == 0 ? 100 : done * 100 / total
        return "\(percent) %  \(Figure.text(done)) of \(Figure.text(total))"
    }

    /// Whole seconds that the rest takes at the pace so far; nil before a pace can be told.
    private func left(_ done: Int, now: ContinuousClock.Instant) -> String? {
        let spent = (now - start).components.seconds
        guard spent > 0, done > 0, done < total else { return nil }
        return "\(spent * Int64(total - done) / Int64(done)) s"
    }

    /// Between two changes of the bar: more could not be read.
    private static let pause = Duration.milliseconds(100)
    /// Columns of the bar itself, between which it can be read.
    private static let fewestCells = 5
    private static let mostCells = 40
    /// ECMA-48 §8.3.41, erase in line.
    private static let eraseToEnd = "\u{1B}[K"
}
