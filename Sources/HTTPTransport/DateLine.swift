internal import NIOCore

/// The field `Date` of one second, ready to be copied into replies (RFC 9110 §6.6.1, IMF-fixdate).
///
///     Date: Tue, 24 Nov 2026 00:06:34 GMT␍␊
struct DateLine {
    /// Seconds since 1970-01-01T00:00:00Z.
    let second: Int64

    /// The date alone, as HTTP/2 sends it.
    let text: String

    /// The line with its CRLF, as HTTP/1 sends it.
    let line: ByteBuffer

    /// The line for one second.
    /// - Parameter second: Seconds since 1970; years 1970…9999.
    init(second: Int64) {
        self.second = second
        text = Self.imfFixdate(second)
        line = ByteBuffer(string: "Date: \(text)\r\n")
    }

    /// The date as RFC 9110 §5.6.7 writes it.
    static func imfFixdate(_ second: Int64) -> String {
        let (days, clock) = second.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        let weekday = weekdays[Int((days + 4) % 7)]
        let time = [clock / 3600, clock / 60 % 60, clock % 60].map { twoDigits(Int($0)) }
        let months = months[date.month - 1]
        return "\(weekday), \(twoDigits(date.day)) \(months) \(fourDigits(date.year)) "
            + "\(time[0]):\(time[1]):\(time[2]) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func fourDigits(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// A day of the Gregorian calendar.
private struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    /// Counts from 0000-03-01, so that the leap day is the last of its year, in eras of 400 years (146,097 days).
    init(daysSince1970 days: Int64) {
        let shifted = Int(days) + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
