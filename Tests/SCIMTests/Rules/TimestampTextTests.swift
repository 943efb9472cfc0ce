import Testing

@testable import SCIM

@Suite("Dates, RFC 3339 §5.6 and RFC 7643 §2.3.5")
struct TimestampTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_478_794_123, "2026-11-24T00:06:34.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func `a moment is written in UTC with milliseconds and read back`(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)

        #expect(moment.rfc3339 == text)
        #expect(Timestamp(rfc3339: text) == moment)
    }

    @Test(arguments: [
        ("2011-05-13T04:42:34Z", "2011-05-13T04:42:34.000Z"),
        ("2011-05-13t04:42:34z", "2011-05-13T04:42:34.000Z"),
        ("2011-05-13T04:42:34.5Z", "2011-05-13T04:42:34.500Z"),
        ("2011-05-13T04:42:34.56Z", "2011-05-13T04:42:34.560Z"),
        ("2011-05-13T04:42:34.1239999Z", "2011-05-13T04:42:34.123Z"),
        ("2011-05-13T04:42:34+02:00", "2011-05-13T02:42:34.000Z"),
        ("2011-05-13T04:42:34-23:59", "2011-05-14T04:41:34.000Z"),
        ("2011-05-13T00:30:00+00:45", "2011-05-12T23:45:00.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"),
    ])
    func `offsets, fractions and leap seconds are understood`(source: String, utc: String) {
        #expect(Timestamp(rfc3339: source)?.rfc3339 == utc)
    }

    @Test(arguments: [
        "", "2011-05-13", "2011-05-13T04:42:34", "2011-05-13 04:42:34Z", "2011-5-13T04:42:34Z",
        "2011-05-13T04:42Z",
        "2011-00-13T04:42:34Z", "2011-13-13T04:42:34Z", "2011-05-00T04:42:34Z", "2011-04-31T04:42:34Z",
        "2023-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2011-05-13T24:00:00Z", "2011-05-13T04:60:34Z",
        "2011-05-13T04:42:61Z", "2011-05-13T04:42:34.Z", "2011-05-13T04:42:34,5Z",
        "2011-05-13T04:42:34+24:00",
        "2011-05-13T04:42:34+02:60", "2011-05-13T04:42:34+0200", "2011-05-13T04:42:34+02",
        "2011-05-13T04:42:34Z ",
        " 2011-05-13T04:42:34Z", "+2011-05-13T04:42:34Z", "12011-05-13T04:42:34Z", "٢٠١١-05-13T04:42:34Z",
        "now",
    ])
    func `what names no moment is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `every day of eight centuries is written and read back in order`() {
        var previous = ""
        for day in Int64(-146_097)..<146_097 {
            let moment = Timestamp(milliseconds: day * 86_400_000)
            let text = moment.rfc3339
            #expect(Timestamp(rfc3339: text) == moment)
            #expect(TextOrder.isBefore(previous, text))
            previous = text
        }
    }

    @Test(
        arguments: [
            (Int64.min, "0000-01-01T00:00:00.000Z"), (-62_167_219_200_001, "0000-01-01T00:00:00.000Z"),
            (Int64.max, "9999-12-31T23:59:59.999Z"), (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func `a moment that four digits cannot hold is written as the nearest`(milliseconds: Int64, text: String)
    {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }
}
