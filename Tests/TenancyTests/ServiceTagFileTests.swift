import SCIM
import Testing

@testable import Tenancy

@Suite("Microsoft's file of service tags")
struct ServiceTagFileTests {
    private let name = "networks/ServiceTags_Public_20261116.json"

    @Test func `the networks of Entra are taken, and those of its neighbours are not`() throws {
        let list = try read(try Given.sample(name))

        #expect(list.cloud == "Public" && list.changeNumber == 412)
        #expect(list.networks.map(\.description).contains("2001:db8:a:8000::/50") && list.networks.count == 5)
        #expect(list.set.contains(try #require(IPAddress("198.51.100.191"))))
        #expect(!list.set.contains(try #require(IPAddress("203.0.113.128"))))
        #expect(!list.set.contains(try #require(IPAddress("192.0.2.1"))))
    }

    @Test(
        arguments: [
            ("ServiceTags_Public_20261116.json", "2026-11-16T00:00:00.000Z"),
            ("/tmp/x/ServiceTags_AzureGovernment_20261101.json", "2026-11-01T00:00:00.000Z"),
            ("tags.json", nil), ("ServiceTags_Public_20261332.json", nil),
            ("ServiceTags_Public_20261116.txt", nil),
            ("ServiceTags_Public_20271116.json", nil),
        ] as [(String, String?)]
    )
    func `the name tells the day; without one, or for one to come, it is today`(
        _ name: String,
        _ day: String?
    ) throws {
        let list = try ServiceTagFile.read(
            Array(try Given.sample(self.name).utf8),
            name: name,
            now: Given.now
        )

        #expect(list.issued.rfc3339 == day ?? Given.now.rfc3339)
    }

    @Test func `a list is stale when it is more than 14 days old`() throws {
        let list = try read(try Given.sample(name))
        let fortnight = list.issued.adding(days: 14)

        #expect(!list.isStale(at: fortnight))
        #expect(list.isStale(at: Timestamp(milliseconds: fortnight.milliseconds + 1)))
    }

    @Test(
        arguments: [
            ("", "it is not JSON"), ("[]", "no file of service tags"), ("{}", "no file of service tags"),
            (#"{"cloud":"Public","changeNumber":1.5,"values":[]}"#, "no file of service tags"),
            (#"{"cloud":"Public","changeNumber":1,"values":[]}"#, "no networks of the service tag"),
            (tags("[]"), "no networks of the service tag"), (tags(#"["x"]"#), "'x' in it is no network"),
            (tags(#"["10.0.0.0/8",7]"#), "'' in it is no network"),
            (tags(#"["10.1.0.0/8"]"#), "'10.1.0.0/8' in it is no network"),
            (tags(#"["10.0.0.0/8"]"#, tag: "AzureActiveDirectoryX"), "no networks of the service tag"),
        ])
    func `a file that is none is refused whole`(_ text: String, _ words: String) {
        let problem = #expect(throws: ServiceTagFile.Problem.self) { try read(text) }

        #expect(problem?.sentence.contains(words) == true, "\(problem?.sentence ?? "")")
    }

    @Test func `a tag has at most 10,000 networks`() throws {
        let most = (0..<10_000).map { "\"10.\($0 >> 8).\($0 & 255).0/24\"" }

        #expect(try read(tags("[\(most.joined(separator: ","))]")).networks.count == 10_000)
        #expect(throws: ServiceTagFile.Problem.self) {
            try read(tags("[\((most + ["\"192.0.2.0/24\""]).joined(separator: ","))]"))
        }
    }

    private func read(_ text: String) throws -> NetworkList {
        try ServiceTagFile.read(Array(text.utf8), name: "ServiceTags_Public_20261116.json", now: Given.now)
    }
}

private func tags(_ prefixes: String, tag: String = "AzureActiveDirectory") -> String {
    #"{"changeNumber":1,"cloud":"Public","values":[{"name":"\#(tag)","properties":{"addressPrefixes":\#(prefixes)}}]}"#
}
