/// What a value of a key looks like: for reading, for `explain`, and for the JSON Schema.
package indirect enum SettingShape: Sendable, Equatable {
    /// Free text of at most so many bytes, not empty, without control characters.
    case text(maximumBytes: Int)
    /// One of these words.
    case choice([String])
    /// `true` or `false`.
    case flag
    /// A whole number in this range.
    case integer(ClosedRange<Int>)
    /// A number with `ms`, `s`, `m`, `h` or `d`.
    case duration(ClosedRange<Duration>)
    /// A number of bytes with `B`, `KiB`, `MiB` or `GiB`.
    case size(ClosedRange<Int>)
    /// `2027-11-23` (the start of that day, UTC) or RFC 3339 with a zone.
    case moment
    /// `true`, or a moment.
    case trueOrMoment
    /// A path; a relative one counts from the file's folder.
    case path
    /// A text of a form of its own.
    case form(TextForm)
    /// A list of at most so many.
    case list(SettingShape, atMost: Int)
    /// Keys of a table.
    case mapping([SettingRow])
    /// One mapping of a table under each of these words.
    case mappings([String], [SettingRow])
}

/// One line of a table: a key, what it takes, and what it is for.
package struct SettingRow: Sendable, Equatable {
    /// The key.
    package let name: String
    /// What it takes.
    package let shape: SettingShape
    /// Whether it must be there.
    package let isRequired: Bool
    /// What holds when it is not there, as it would be written; nil when nothing does.
    package let fallback: String?
    /// What a change of it takes.
    package let effect: Effect
    /// One sentence for `explain`.
    package let doc: String

    /// What a change of a key takes to be in force.
    package enum Effect: String, Sendable {
        /// A reload.
        case reload
        /// A restart.
        case restart
        /// The key is read and checked, and nothing acts on it yet.
        case notYet = "not yet"
    }
}
