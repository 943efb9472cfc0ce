/// Dates as SCIM writes them: xsd:dateTime with a zone (RFC 7643 §2.3.5), which is the text of RFC
/// 3339 §5.6.
///
/// Our own arithmetic (the proleptic Gregorian calendar by 400-year eras) instead of Foundation's
/// formatters: every resource that leaves the gateway holds two dates.
extension Timestamp {
    /// The moment as text, UTC with milliseconds: `2026-11-24T00:06:34.123Z`.
    package var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 bytes of ``rfc3339``.
    ///
    /// Four digits hold the years 0000…9999; a moment outside them is written as the nearest one
    /// inside.
    package func appendRFC3339(to bytes: inout [UInt8]) {
        let inside = min(max(milliseconds, Self.firstMillisecond), Self.lastMillisecond)
        let (day, millisecondOfDay) = Self.floorDivide(inside, Self.millisecondsPerDay)
        let (year, month, dayOfMonth) = Self.civilDate(ofDay: day)

        bytes.reserveCapacity(bytes.count + 24)
        Self.append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(dayOfMonth, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(millisecondOfDay / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(millisecondOfDay / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(millisecondOfDay / 1_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(millisecondOfDay % 1_000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads a date: `2011-05-13T04:42:34Z`, with any number of fraction digits (those after the
    /// third are cut), `Z` or an offset, and either case of `T` and `Z`.
    ///
    /// A second 60 is the first of the next minute. Nil for all else, a date without a zone
    /// included: it names no moment.
    package init?(rfc3339 text: String) {
        var scanner = DateScanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
            scanner.skip("-"), let day = scanner.number(digits: 2), scanner.skipEither("T", "t"),
            let hour = scanner.number(digits: 2), scanner.skip(":"), let minute = scanner.number(digits: 2),
            scanner.skip(":"), let second = scanner.number(digits: 2), let fraction = scanner.fraction(),
            let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        guard (1...12).contains(month), day >= 1, day <= Self.lastDay(ofMonth: month, year: year), hour <= 23,
            minute <= 59, second <= 60
        else { return nil }

        let seconds = (hour * 60 + minute - offset) * 60 + second
        let days = Self.day(ofYear: year, month: month, day: day)
        self.init(milliseconds: days * Self.millisecondsPerDay + seconds * 1_000 + fraction)
    }
}

// MARK: - The calendar

extension Timestamp {
    private static let millisecondsPerDay: Int64 = 86_400_000
    /// 0000-01-01T00:00:00.000Z.
    private static let firstMillisecond: Int64 = -62_167_219_200_000
    /// 9999-12-31T23:59:59.999Z.
    private static let lastMillisecond: Int64 = 253_402_300_799_999

    /// The days of 400 years, after which the calendar repeats.
    private static let daysPerEra: Int64 = 146_097
    /// From 0000-03-01, where an era begins, to 1970-01-01.
    private static let daysToEpoch: Int64 = 719_468

    /// The day counted from 1970-01-01.
    ///
    /// Years begin in March here, so that a leap day is the last of its year.
    private static func day(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - daysToEpoch
    }

    /// The inverse of ``day(ofYear:month:day:)``.
    private static func civilDate(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(day + daysToEpoch, daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func lastDay(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floorDivide(_ dividend: Int64, _ divisor: Int64) -> (
        quotient: Int64, remainder: Int64
    ) {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ number: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = digits == 4 ? 1_000 : digits == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

/// Walks through the text of a date.
private struct DateScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A number of exactly so many digits.
    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipEither(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
        skip(one) || skip(other)
    }

    /// Milliseconds; 0 without a fraction, nil for a dot without digits.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var fraction = digit() else { return nil }
        var digits = 1
        while let digit = digit() {
            if digits < 3 { fraction = fraction * 10 + digit }
            digits += 1
        }
        return digits == 1 ? fraction * 100 : digits == 2 ? fraction * 10 : fraction
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
        if skipEither("Z", "z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2),
            hours <= 23, minutes <= 59
        else { return nil }
        return isWest ? -(hours * 60 + minutes) : hours * 60 + minutes
    }

    private mutating func digit() -> Int64? {
        guard let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        position += 1
        return Int64(byte - UInt8(ascii: "0"))
    }
}
