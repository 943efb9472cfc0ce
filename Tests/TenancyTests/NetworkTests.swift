import Testing

@testable import Tenancy

@Suite("Addresses and networks, RFC 4291 §2.2 and RFC 4632 §3.1")
struct NetworkTests {
    @Test(
        arguments: [
            ("198.51.100.7", "198.51.100.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("2001:db8::7", "2001:db8::7"),
            ("2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::", "1::"), ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
            ("::ffff:198.51.100.7", "198.51.100.7"), ("::ffff:c633:6407", "198.51.100.7"),
            ("64:ff9b::198.51.100.7", "64:ff9b::c633:6407"),
        ])
    func `an address is read and written`(_ text: String, _ written: String) {
        #expect(IPAddress(text)?.description == written)
    }

    @Test(
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.-4", "1.2.3.4/8", " 1.2.3.4", "1.2.3.٤",
            ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "fe80::1%eth0",
            "[::1]",
            "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", ":1::2",
        ])
    func `what is no address`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        arguments: [
            ("203.0.113.0/28", "203.0.113.15", "203.0.113.16"), ("203.0.113.7", "203.0.113.7", "203.0.113.6"),
            ("0.0.0.0/0", "255.255.255.255", "::1"), ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"), ("::/0", "::1", "1.2.3.4"),
            ("198.51.100.6/31", "::ffff:198.51.100.7", "198.51.100.8"),
        ])
    func `a network holds its addresses and not their neighbours`(
        _ text: String,
        _ inside: String,
        _ outside: String
    ) throws {
        let network = try Network(text)

        #expect(network.contains(try #require(IPAddress(inside))))
        #expect(!network.contains(try #require(IPAddress(outside))))
    }

    @Test(arguments: [
        "", "/8", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/8/8", "1.2.3.4/-1", "1.2.3.4/+8", "any",
    ])
    func `what is no network`(_ text: String) {
        #expect(throws: Network.Damage.notANetwork) { try Network(text) }
    }

    @Test func `bits after the prefix are refused with both networks that may be meant`() {
        #expect(throws: Network.Damage.bitsAfterPrefix(containing: "10.0.0.0/8", narrower: "10.1.2.0/23")) {
            try Network("10.1.2.0/8")
        }
        #expect(
            throws: Network.Damage.bitsAfterPrefix(containing: "2001:db8::/32", narrower: "2001:db8::1/128")
        ) {
            try Network("2001:db8::1/32")
        }
    }
}
