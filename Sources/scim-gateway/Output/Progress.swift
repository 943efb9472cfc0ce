import Foundation
import Terminal

/// A progress bar on stderr.
///
/// ```
/// var progress = Progress("importing", total: lines.count)
/// defer { progress.end() }
/// progress.show(done)
/// ```
struct Progress {
    private var bar: ProgressBar

    /// Progress of a work of so many steps that starts now.
    init(_ title: String, total: Int) {
        bar = ProgressBar(
            title,
            total: total,
            form: .init(
                isTerminal: Manner.isTerminal(.standardError),
                environment: Settings.environment,
                isQuiet: Manner.current.isQuiet
            ),
            start: ContinuousClock.now
        )
    }

    /// Tells how many steps are done.
    mutating func show(_ done: Int) {
        if let text = bar.text(done: done, now: ContinuousClock.now) { Output.progress(text) }
    }

    /// Leaves the bar as it is, so that other lines can follow.
    mutating func end() {
        if let text = bar.end() { Output.progress(text) }
    }
}
