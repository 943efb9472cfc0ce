import CloudProfiles
import Testing

@Suite("Cloud profiles: what each Microsoft cloud demands")
struct CloudProfileTests {
    @Test(arguments: CloudProfile.Name.allCases)
    func `a profile is found by its name`(_ name: CloudProfile.Name) {
        #expect(CloudProfile.named(name).name == name)
    }

    @Test func `names are those that files write`() {
        #expect(
            CloudProfile.Name.allCases.map(\.rawValue) == ["commercial", "gcc", "gcc-high", "dod", "china"]
        )
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `no cloud goes below TLS 1.2, above it, or to suites without forward secrecy`(
        _ name: CloudProfile.Name
    ) {
        let tls = CloudProfile.named(name).tls

        #expect(tls.minimumVersion == "TLSv1.2")
        #expect(tls.maximumVersion == "TLSv1.3")
        #expect(tls.cipherList.split(separator: ":").allSatisfy { $0.hasPrefix("ECDHE-") })
        #expect(tls.cipherList.contains("GCM"))
        #expect(!tls.cipherList.contains("CBC") && !tls.cipherList.contains("SHA:"))
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `signature algorithms are named, and SHA-1 is not among them`(_ name: CloudProfile.Name) {
        let algorithms = CloudProfile.named(name).tls.signatureAlgorithms.split(separator: ":")

        #expect(algorithms.count >= 6)
        #expect(
            algorithms.allSatisfy {
                $0.hasSuffix("SHA256") || $0.hasSuffix("SHA384") || $0.hasSuffix("SHA512") || $0 == "ed25519"
            }
        )
    }

    @Test(arguments: [CloudProfile.Name.gccHigh, .dod])
    func `government clouds allow AES-GCM and NIST curves only, with the extended master secret`(
        _ name: CloudProfile.Name
    ) {
        let tls = CloudProfile.named(name).tls

        #expect(tls.cipherList.split(separator: ":").count == 4)
        #expect(tls.cipherList.split(separator: ":").allSatisfy { $0.contains("GCM") })
        #expect(
            tls.cipherSuites.split(separator: ":").allSatisfy { $0.contains("AES") && $0.contains("GCM") }
        )
        #expect(Set(tls.groups.split(separator: ":")) == ["P-256", "P-384"])
        #expect(tls.requiresExtendedMasterSecret)
        #expect(!tls.prioritizesChaCha)
    }

    @Test func `only the commercial cloud offers ChaCha20 and X25519`() {
        for name in CloudProfile.Name.allCases {
            let tls = CloudProfile.named(name).tls
            #expect(tls.cipherList.contains("CHACHA20") == (name == .commercial))
            #expect(tls.cipherSuites.contains("CHACHA20") == (name == .commercial))
            #expect(tls.groups.contains("X25519") == (name == .commercial))
        }
    }

    @Test func `FIPS is built into the clouds that demand it, and nowhere else`() {
        let demanding = CloudProfile.Name.allCases.filter { CloudProfile.named($0).fips == .required }

        #expect(demanding == [.gccHigh, .dod])
    }

    @Test func `tokens of GCC High are at most 128 characters and one year old, and must end`() {
        let tokens = CloudProfile.gccHigh.tokens

        #expect(tokens.maximumLength == 128)
        #expect(tokens.maximumAgeDays == 365)
        #expect(tokens.mustEnd)
    }

    @Test func `values of people stay out of the logs of government clouds, and writes need the audit trail`()
    {
        for name in [CloudProfile.Name.gccHigh, .dod] {
            #expect(CloudProfile.named(name).personalValues == .never)
            #expect(CloudProfile.named(name).audit.writesNeedTrail)
        }
    }

    @Test(
        arguments: [
            (
                CloudProfile.Name.commercial, "https://entra.microsoft.com",
                "https://login.microsoftonline.com"
            ),
            (.gcc, "https://entra.microsoft.com", "https://login.microsoftonline.com"),
            (.gccHigh, "https://entra.microsoft.us", "https://login.microsoftonline.us"),
            (.dod, "https://portal.azure.us", "https://login.microsoftonline.us"),
            (.china, "https://portal.azure.cn", "https://login.partner.microsoftonline.cn"),
        ])
    func `addresses are the cloud's own`(_ name: CloudProfile.Name, _ portal: String, _ authority: String) {
        let profile = CloudProfile.named(name)

        #expect(profile.portal == portal)
        #expect(profile.loginAuthority == authority)
        #expect(profile.issuers.last == "\(authority)/{tid}/v2.0")
        #expect(profile.keySet.hasPrefix(authority))
    }

    @Test func `a cloud's template is that cloud's`() {
        #expect(CloudProfile.gcc.templateID == CloudProfile.commercial.templateID)
        #expect(CloudProfile.dod.templateID == CloudProfile.gccHigh.templateID)
        #expect(Set(CloudProfile.Name.allCases.map { CloudProfile.named($0).templateID }).count == 3)
    }
}
