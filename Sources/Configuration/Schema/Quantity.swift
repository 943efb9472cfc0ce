/// Numbers with units: `30d`, `1MiB`.
enum Quantity {
    private static let timeUnits: [(unit: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizeUnits: [(unit: String, bytes: Int)] = [
        ("B", 1), ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ]
    /// Units of a thousand, which people write and mean either.
    private static let ambiguousUnits: [(unit: String, bytes: Int)] = [
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ]

    /// - Throws: a fix that names the units, or what was probably meant.
    static func duration(_ text: String) throws(SettingDamage) -> Duration {
        guard let (number, unit) = split(text) else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is no duration",
                fix: "write a number and a unit: 2s, 12h, 30d"
            )
        }
        guard let found = timeUnits.first(where: { $0.unit == unit }) else {
            throw SettingDamage(
                unit.isEmpty ? "a duration needs a unit" : "'\(Quoted.text(unit))' is no unit of time",
                fix: "use ms, s, m, h or d, as in 90s or 30d"
            )
        }
        let (milliseconds, isTooLarge) = number.multipliedReportingOverflow(by: found.milliseconds)
        guard !isTooLarge else { throw SettingDamage("'\(Quoted.text(text))' is out of range") }
        return .milliseconds(milliseconds)
    }

    /// - Throws: a fix that names the units; for `1MB` both things it may mean.
    static func bytes(_ text: String) throws(SettingDamage) -> Int {
        guard let (number, unit) = split(text) else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is no size",
                fix: "write a number and a unit: 64KiB, 1MiB"
            )
        }
        if let other = ambiguousUnits.first(where: { $0.unit == unit.uppercased() }) {
            let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: other.bytes)
            let plain = isTooLarge ? "" : " or \(bytes)B"
            throw SettingDamage(
                "'\(Quoted.text(text))' can mean two sizes",
                fix: "did you mean \(number)\(other.unit.prefix(1))iB\(plain)?"
            )
        }
        guard let found = sizeUnits.first(where: { $0.unit == unit }) else {
            throw SettingDamage("'\(Quoted.text(text))' has no unit of size", fix: "use B, KiB, MiB or GiB")
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: found.bytes)
        guard !isTooLarge else { throw SettingDamage("'\(Quoted.text(text))' is out of range") }
        return bytes
    }

    /// The duration in the largest unit that holds it whole.
    static func text(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        let fitting = timeUnits.reversed().first {
            milliseconds.isMultiple(of: $0.milliseconds) && milliseconds != 0
        }
        guard let fitting else { return "\(milliseconds)s" }
        return "\(milliseconds / fitting.milliseconds)\(fitting.unit)"
    }

    /// The bytes in the largest unit that holds them whole.
    static func text(bytes: Int) -> String {
        let fitting = sizeUnits.reversed().first { bytes.isMultiple(of: $0.bytes) && bytes != 0 }
        guard let fitting else { return "\(bytes)B" }
        return "\(bytes / fitting.bytes)\(fitting.unit)"
    }

    /// Digits, then anything.
    private static func split(_ text: String) -> (Int, String)? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, let number = Int(String(digits) ?? "") else { return nil }
        return (number, String(text.dropFirst(digits.count)))
    }
}
