import Testing

/// The sections of RFC 7643 and RFC 7644 that print an example, and the files that hold it.
///
/// Messages are in `Tests/SCIMTests/Samples`, whole exchanges in `Tests/GatewayTests/Transcripts/rfc`; the tests beside
/// them run each.
@Suite("Samples of the RFCs")
struct RFCSamplesTests {
    private static let sections = [
        "rfc7643-8.1", "rfc7643-8.2", "rfc7643-8.3", "rfc7643-8.4", "rfc7643-8.5", "rfc7643-8.6",
        "rfc7643-8.7.1", "rfc7643-8.7.2", "rfc7644-3.3", "rfc7644-3.4.1", "rfc7644-3.4.2",
        "rfc7644-3.4.2.1", "rfc7644-3.4.2.2", "rfc7644-3.4.2.3", "rfc7644-3.4.2.4", "rfc7644-3.4.3",
        "rfc7644-3.5.1", "rfc7644-3.5.2.1", "rfc7644-3.5.2.2", "rfc7644-3.5.2.3", "rfc7644-3.6",
        "rfc7644-3.7.1", "rfc7644-3.7.2", "rfc7644-3.7.3", "rfc7644-3.7.4", "rfc7644-3.9", "rfc7644-3.12",
        "rfc7644-3.14",
    ]

    @Test(arguments: sections)
    func `every section with an example has a file of its name`(section: String) {
        let names = Repository.paths(below: "Tests").compactMap { $0.split(separator: "/").last }

        #expect(names.contains { $0.hasPrefix("\(section)-") && $0.hasSuffix(".json") })
    }
}
