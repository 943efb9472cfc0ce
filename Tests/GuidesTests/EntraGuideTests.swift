import CloudProfiles
import Foundation
import Testing

@testable import Guides

/// The guides are kept in Guides; `REWRITE_GUIDES=1 swift test --filter EntraGuideTests` writes them anew.
@Suite("The guide for a tenant's administrators, cloud by cloud")
struct EntraGuideTests {
    @Test(arguments: CloudProfile.Name.allCases)
    func `each cloud's guide is what was read and agreed to`(profile: CloudProfile.Name) throws {
        let document = Self.guide(profile).document

        try Self.compare(document.markdown, "\(profile.rawValue).md")
        try Self.compare(document.html, "\(profile.rawValue).html")
    }

    @Test(arguments: [
        (CloudProfile.Name.commercial, "https://entra.microsoft.com"), (.gcc, "https://entra.microsoft.com"),
        (.gccHigh, "https://entra.microsoft.us"), (.dod, "https://portal.azure.us"),
        (.china, "https://portal.azure.cn"),
    ])
    func `each cloud's guide leads to its own portal and to no other`(
        profile: CloudProfile.Name,
        portal: String
    ) {
        let text = Self.guide(profile).document.markdown

        let others = CloudProfile.Name.allCases.map { CloudProfile.named($0).portal }.filter { $0 != portal }
        #expect(text.contains(portal))
        #expect(!others.contains { text.contains($0) })
    }

    @Test(arguments: [CloudProfile.Name.gccHigh, .dod])
    func `government guides tell of the room for secrets, and the others do not`(profile: CloudProfile.Name) {
        #expect(Self.guide(profile).document.markdown.contains("share 1 KB"))
        #expect(!Self.guide(.commercial).document.markdown.contains("1 KB"))
    }

    @Test func `the ten attributes are all there, and no token is`() {
        let text = Self.guide(.commercial).document.markdown

        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == 10)
        #expect(text.firstMatch(of: /sgw_[0-9A-Za-z]/) == nil)
    }

    @Test func `a name from a file cannot put markup into the page`() {
        let guide = EntraGuide(
            profile: .named(.commercial),
            tenant: #"<script>"x"</script> & Co"#,
            connection: "contoso/all-staff",
            group: "<b>",
            tenantURL: "https://scim.example/scim/v2",
            storesAll: false
        )

        #expect(!guide.document.html.contains("<script>"))
        #expect(!guide.document.html.contains("<b>"))
        #expect(guide.document.html.contains("&lt;script&gt;&quot;x&quot;&lt;/script&gt; &amp; Co"))
    }

    @Test func `a full connection may keep its groups mapping`() {
        let full = Self.guide(.commercial, storesAll: true).document.markdown

        #expect(full.contains("leave it on only if groups are to be provisioned"))
        #expect(!Self.guide(.commercial).document.markdown.contains("leave it on"))
    }

    private static func guide(_ profile: CloudProfile.Name, storesAll: Bool = false) -> EntraGuide {
        EntraGuide(
            profile: .named(profile),
            tenant: "Contoso Ltd",
            connection: "contoso/all-staff",
            group: "All staff",
            tenantURL: "https://scim.msp.example/scim/v2",
            storesAll: storesAll
        )
    }

    private static func compare(_ text: String, _ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Guides/\(name)")
        if ProcessInfo.processInfo.environment["REWRITE_GUIDES"] != nil {
            try Data(text.utf8).write(to: file)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)), "\(name)")
    }
}
