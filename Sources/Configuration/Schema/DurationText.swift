import SCIM

/// Durations as people write them, in files and in commands: a number and a unit.
package enum DurationText {
    /// Why a text is no duration.
    package struct Problem: Error {
        /// What is wrong, and how to write it.
        package let sentence: String
    }

    /// Reads `365d`, `12h`, `90s`.
    ///
    /// - Throws: what is wrong, with the units there are.
    package static func duration(_ text: String) throws(Problem) -> Duration {
        do throws(SettingDamage) {
            return try Quantity.duration(text)
        } catch {
            throw Problem(sentence: error.message + (error.fix.map { "; \($0)" } ?? ""))
        }
    }

    /// `14 days`, `1 hour`, `90 seconds`: the duration in the largest unit that holds it whole.
    package static func words(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let units: [(seconds: Int64, name: String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
        let unit = units.first { seconds != 0 && seconds.isMultiple(of: $0.seconds) } ?? (1, "second")
        let count = seconds / unit.seconds
        return CountText.words(count, unit.name)
    }
}
