import Testing

@testable import Sharing
@testable import Tenancy

@Suite("Addresses that count as one client's")
struct AddressBlockTests {
    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:7::1", "2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:db8:0:7::/64"), ("::1", "::2", "::/64"),
    ])
    func `an IPv4 address is a block, and an IPv6 address is of its 64`(
        one: String,
        other: String,
        text: String
    )
        throws
    {
        let block = AddressBlock(try #require(IPAddress(one)))

        #expect(block == AddressBlock(try #require(IPAddress(other))))
        #expect(block.description == text)
    }

    @Test(arguments: [
        ("198.51.100.7", "198.51.100.8"), ("2001:db8:0:7::1", "2001:db8:0:8::1"), ("0.0.0.0", "::"),
    ])
    func `neighbours are other blocks`(one: String, other: String) throws {
        #expect(AddressBlock(try #require(IPAddress(one))) != AddressBlock(try #require(IPAddress(other))))
    }
}
