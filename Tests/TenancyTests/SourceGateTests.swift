import Testing

@testable import Tenancy

@Suite("Sets of networks")
struct NetworkSetTests {
    @Test(
        arguments: [
            (["203.0.113.0/28"], ["203.0.113.0", "203.0.113.15"], ["203.0.112.255", "203.0.113.16"]),
            (["203.0.113.7"], ["203.0.113.7"], ["203.0.113.6", "203.0.113.8"]),
            (["0.0.0.0/0"], ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
            (["::/0"], ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["0.0.0.0", "::ffff:1.2.3.4"]),
            (
                ["255.255.255.255", "0.0.0.0"], ["255.255.255.255", "0.0.0.0"],
                ["255.255.255.254", "0.0.0.1"]
            ),
            (
                ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
                ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", "255.255.255.255"],
            ),
            (
                ["198.51.100.0/25", "198.51.100.128/26"],
                ["198.51.100.0", "198.51.100.127", "198.51.100.191"],
                ["198.51.99.255", "198.51.100.192"],
            ),
            (
                ["10.0.0.0/8", "10.1.0.0/16", "10.255.0.0/16"], ["10.0.0.0", "10.1.2.3", "10.255.255.255"],
                ["9.255.255.255", "11.0.0.0"],
            ),
            (
                ["2001:db8:a:8000::/50"],
                ["2001:db8:a:8000::", "2001:db8:a:bfff:ffff:ffff:ffff:ffff"],
                ["2001:db8:a:7fff:ffff:ffff:ffff:ffff", "2001:db8:a:c000::"],
            ),
            ([], [], ["0.0.0.0", "::"]),
        ] as [([String], [String], [String])]
    )
    func `a set holds its networks up to their edges`(
        _ networks: [String],
        _ inside: [String],
        _ outside: [String]
    ) throws {
        let set = NetworkSet(try networks.map { try Network($0) })

        for text in inside { #expect(set.contains(try #require(IPAddress(text))), "\(text)") }
        for text in outside { #expect(!set.contains(try #require(IPAddress(text))), "\(text)") }
    }

    @Test func `an IPv4 address that comes mapped into IPv6 is in the IPv4 networks`() throws {
        let set = NetworkSet([try Network("203.0.113.0/28"), try Network("::/8")])

        #expect(set.contains(try #require(IPAddress("::ffff:203.0.113.1"))))
        #expect(!set.contains(try #require(IPAddress("::ffff:203.0.113.16"))))
    }

    @Test func `a set of many networks answers as each of them does`() throws {
        // Every second /28 of a /16, and nested ones, in no order.
        let networks = try stride(from: 4_095, through: 1, by: -2).map { number in
            try Network("203.0.\(number >> 4).\((number & 0xF) << 4)/28")
        }
        let set = NetworkSet(networks + [try Network("203.0.64.0/20")])

        for number in 0..<4_096 {
            for host in [0, 15] {
                let address = try #require(IPAddress("203.0.\(number >> 4).\((number & 0xF) << 4 | host)"))
                let isIn = !number.isMultiple(of: 2) || (64..<80).contains(number >> 4)
                #expect(set.contains(address) == isIn, "\(address)")
            }
        }
    }
}

@Suite("Where a token may be used from: tenant, connection and token")
struct SourceGateTests {
    private let office = IPAddress("203.0.113.9")
    private let entra = IPAddress("198.51.100.7")

    @Test func `without a list everybody may come, even without an address`() {
        let gate = SourceGate([.any, .any], entra: nil)

        #expect(gate.allows(office) && gate.allows(nil))
    }

    @Test func `a peer without an address is in no network`() throws {
        #expect(
            !SourceGate([.networks([try Network("::/0"), try Network("0.0.0.0/0")])], entra: nil).allows(nil)
        )
    }

    @Test func `every list must hold the address: the inner one can only narrow`() throws {
        let (wide, narrow) = (try Network("203.0.113.0/24"), try Network("203.0.113.0/29"))

        #expect(SourceGate([.networks([wide]), .any, .any], entra: nil).allows(office))
        #expect(!SourceGate([.networks([wide]), .any, .networks([narrow])], entra: nil).allows(office))
        #expect(!SourceGate([.networks([narrow]), .networks([wide])], entra: nil).allows(office))
    }

    @Test func `entra stands for the profile's networks, beside those of the list`() throws {
        let known = NetworkSet([try Network("198.51.100.0/25")])
        let list = AllowedSources.entra(besides: [try Network("203.0.113.0/28")])
        let gate = SourceGate([list], entra: known)

        #expect(gate.allows(entra) && gate.allows(office))
        #expect(!gate.allows(IPAddress("198.51.100.128")) && !gate.allows(IPAddress("203.0.113.16")))
    }

    @Test func `as long as they are not known, entra holds only what stands beside it`() throws {
        let list = AllowedSources.entra(besides: [try Network("203.0.113.0/28")])

        #expect(!SourceGate([list], entra: nil).allows(entra))
        #expect(SourceGate([list], entra: nil).allows(office))
        #expect(!SourceGate([.entra(besides: [])], entra: nil).allows(office))
    }

    @Test func `words of a command are read as those of a file, and written back`() throws {
        for (words, text) in [
            ([], "any"), (["any"], "any"), (["entra"], "entra"),
            (["203.0.113.7", "entra"], "entra, 203.0.113.7/32"), (["2001:db8::/32"], "2001:db8::/32"),
        ] {
            #expect("\(try AllowedSources.reading(words))" == text)
        }
    }

    @Test(arguments: [["azure"], ["10.1.2.0/8"], ["any", "entra"], ["any", "10.0.0.0/8"], [""]])
    func `words that mean nothing, or two things, are refused`(_ words: [String]) {
        #expect(throws: AllowedSources.Problem.self) { try AllowedSources.reading(words) }
    }
}
