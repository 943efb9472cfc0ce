import Testing

@testable import Gateway
@testable import Operations

@Suite("The text of the figures: Prometheus, text-based format 0.0.4")
struct ExpositionTests {
    @Test func `metrics and series stand in the order in which they were added`() {
        var tenants = MetricFamily("scimgw_tenants", .gauge, "Tenants by state.")
        tenants.add(2, ["state": "paused"])
        tenants.add(0, ["state": "active"])
        var refused = MetricFamily("scimgw_rate_limited_total", .counter, "Requests.")
        refused.add(-7)

        let text = Exposition(families: [tenants, refused]).text

        #expect(
            text == """
                # HELP scimgw_tenants Tenants by state.
                # TYPE scimgw_tenants gauge
                scimgw_tenants{state="paused"} 2
                scimgw_tenants{state="active"} 0
                # HELP scimgw_rate_limited_total Requests.
                # TYPE scimgw_rate_limited_total counter
                scimgw_rate_limited_total -7

                """
        )
    }

    @Test
    func `a histogram tells how many took each bound or less, all times together, and how many there were`() {
        let tally = LatencyTally()
        for milliseconds in [1, 2, 3, 30, 20_000] { tally.count(milliseconds: milliseconds) }
        var family = MetricFamily("a_seconds", .histogram, "B.")

        family.add(tally.counts, ["route": "/Users"])

        let lines = family.text.split(separator: "\n")
        #expect(lines[1] == "# TYPE a_seconds histogram")
        #expect(lines[2] == "a_seconds_bucket{route=\"/Users\",le=\"0.001\"} 1")
        #expect(lines[3] == "a_seconds_bucket{route=\"/Users\",le=\"0.002\"} 2")
        #expect(lines[7] == "a_seconds_bucket{route=\"/Users\",le=\"0.05\"} 4")
        #expect(lines[14] == "a_seconds_bucket{route=\"/Users\",le=\"10\"} 4")
        #expect(lines[15] == "a_seconds_bucket{route=\"/Users\",le=\"+Inf\"} 5")
        #expect(
            lines[16...] == ["a_seconds_sum{route=\"/Users\"} 20.036", "a_seconds_count{route=\"/Users\"} 5"]
        )
    }

    @Test(arguments: [(0, "0"), (1, "0.001"), (250, "0.25"), (12_000, "12"), (12_340, "12.34")])
    func `milliseconds are written as seconds`(milliseconds: Int64, text: String) {
        var family = MetricFamily("a", .counter, "B.")

        family.add(milliseconds: milliseconds)

        #expect(family.text.hasSuffix("\na \(text)\n"))
    }

    @Test func `a metric without series is told`() {
        let family = MetricFamily("a", .gauge, "B.")

        #expect(family.text == "# HELP a B.\n# TYPE a gauge\n")
    }

    @Test(arguments: [
        ("plain", "plain"), (#"a\b"#, #"a\\b"#), (#"a"b"#, #"a\"b"#), ("a\nb", #"a\nb"#),
        ("a\r\nb", "a\r\\nb"),
        (#"\n"#, #"\\n"#), ("ä,{}=", "ä,{}="), ("", ""),
    ])
    func `a label's value is escaped`(value: String, written: String) {
        var family = MetricFamily("a", .gauge, "B.")

        family.add(1, ["file": value, "b": "c"])

        #expect(family.text.hasSuffix("a{file=\"\(written)\",b=\"c\"} 1\n"))
    }

    @Test func `a help's backslash and line feed are escaped, and its quotes are not`() {
        let family = MetricFamily("a", .gauge, "\"B\"\nc\\d")

        #expect(family.text.hasPrefix("# HELP a \"B\"\\nc\\\\d\n# TYPE"))
    }

    @Test(arguments: [(.sum, 12), (.earliest, 5), (.latest, 7)] as [(MetricFamily.Merging, Int64)])
    func `of two series with the same labels there is one`(merging: MetricFamily.Merging, value: Int64) {
        var family = MetricFamily("a", .gauge, "B.", merging: merging)

        family.add(7, ["tenant": "x"])
        family.add(5, ["tenant": "x"])
        family.add(9, ["tenant": "y"])

        #expect(family.series.map(\.value) == [value, 9])
    }

    @Test func `names that differ only in how Unicode composes them are two`() {
        var family = MetricFamily("a", .gauge, "B.")

        family.add(1, ["file": "\u{E9}.yaml"])
        family.add(1, ["file": "e\u{301}.yaml"])

        #expect(family.series.map(\.value) == [1, 1])
    }
}
