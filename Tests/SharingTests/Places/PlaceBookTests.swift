import Testing

@testable import Sharing
@testable import Tenancy

@Suite("Places for connections")
struct PlaceBookTests {
    // MARK: Connections

    @Test func `as many connections as the limit have a place, and one more when one has left`() {
        var book = PlaceBook(.of(connections: 3))
        let numbers = (1...3).map { book.admitted(from: .test($0)) }

        #expect(book.arrive(from: .test(4)) == .refused(.connections))
        #expect(book.connections == 3)

        book.leave(numbers[1] ?? 0)
        #expect(book.admitted(from: .test(4)) != nil)
        #expect(book.arrive(from: .test(5)) == .refused(.connections))
    }

    @Test func `as many of one address as the limit have a place, and others are not concerned`() {
        var book = PlaceBook(.of(connections: 100, perAddress: 3))
        let numbers = (1...3).map { _ in book.admitted(from: .test(1)) }

        #expect(book.arrive(from: .test(1)) == .refused(.connectionsPerAddress))
        #expect(book.admitted(from: .test(2)) != nil)

        book.leave(numbers[0] ?? 0)
        #expect(book.admitted(from: .test(1)) != nil)
        #expect(book.arrive(from: .test(1)) == .refused(.connectionsPerAddress))
    }

    @Test func `a place is given back once, however often the connection leaves`() {
        var book = PlaceBook(.of(connections: 2, perAddress: 2))
        let first = book.admitted(from: .test(1)) ?? 0
        _ = book.admitted(from: .test(1))

        book.leave(first)
        book.leave(first)

        #expect(book.connections == 1)
        #expect(book.admitted(from: .test(1)) != nil)
        #expect(book.arrive(from: .test(2)) == .refused(.connections))
    }

    // MARK: Handshakes

    @Test
    func `one handshake more than the limit ends that which has waited longest of the address with the most`()
    {
        var book = PlaceBook(.of(handshakes: 4))
        _ = book.admitted(from: .test(1))
        let attackers = (1...3).map { _ in book.admitted(from: .test(2)) }
        #expect(book.handshakesInProgress == 4)

        let verdict = book.arrive(from: .test(3))

        #expect(
            verdict
                == .admitted(
                    5,
                    ending: .init(number: attackers[0] ?? 0, block: .test(2), reason: .handshakes)
                )
        )
        #expect(book.handshakesInProgress == 4)
        #expect(book.connections == 4)
    }

    @Test func `one handshake of an address more than its limit ends its oldest`() {
        var book = PlaceBook(.of(handshakes: 100, handshakesPerAddress: 2))
        let polite = book.admitted(from: .test(1)) ?? 0
        let oldest = book.admitted(from: .test(2)) ?? 0
        #expect(book.admitted(from: .test(2)) != nil)

        let verdict = book.arrive(from: .test(2))

        #expect(
            verdict
                == .admitted(4, ending: .init(number: oldest, block: .test(2), reason: .handshakesPerAddress))
        )
        let completed = [polite, oldest].map { book.completeHandshake($0) }
        #expect(completed == [true, false])
    }

    @Test func `a complete handshake makes room, and cannot be ended for a newcomer`() {
        var book = PlaceBook(.of(handshakes: 2, handshakesPerAddress: 2))
        let first = book.admitted(from: .test(1)) ?? 0
        let second = book.admitted(from: .test(1)) ?? 0

        _ = book.completeHandshake(first)
        #expect(book.admitted(from: .test(1)) != nil)

        #expect(
            book.arrive(from: .test(1))
                == .admitted(4, ending: .init(number: second, block: .test(1), reason: .handshakesPerAddress))
        )
    }

    @Test func `a flood of half-open handshakes from everywhere costs each newcomer the oldest`() {
        var book = PlaceBook(.of(connections: 10_000, handshakes: 100))
        let numbers = (1...100).map { book.admitted(from: .test($0)) }

        for (index, number) in numbers.enumerated() {
            let block = AddressBlock.test(1_000 + index)
            let ending = PlaceBook.Ended(number: number ?? 0, block: .test(index + 1), reason: .handshakes)
            #expect(book.arrive(from: block) == .admitted(UInt64(101 + index), ending: ending))
        }
        #expect(book.handshakesInProgress == 100)
    }

    @Test(arguments: [(PlaceBook.candidates - 1, true), (PlaceBook.candidates, false)])
    func `only so many of those that have waited longest are looked at`(before: Int, isFound: Bool) {
        var book = PlaceBook(.of(connections: 10_000, handshakes: before + 2))
        for client in 1...before { _ = book.admitted(from: .test(client)) }
        let pair = (1...2).map { _ in book.admitted(from: .test(0)) }

        guard case .admitted(_, let ending?) = book.arrive(from: .test(5_000)) else {
            Issue.record("nobody made room")
            return
        }

        #expect(ending.number == (isFound ? pair[0] : 1))
    }

    // MARK: Behind a load balancer

    @Test func `whoever is behind a load balancer counts when it has told`() {
        var book = PlaceBook(.of(connections: 100, perAddress: 2, handshakes: 100))
        let numbers = (1...3).map { _ in book.admitted(from: nil) ?? 0 }

        #expect(book.identify(numbers[0], as: .test(1)) == .admitted(numbers[0], ending: nil))
        #expect(book.identify(numbers[1], as: .test(1)) == .admitted(numbers[1], ending: nil))
        #expect(book.identify(numbers[2], as: .test(1)) == .refused(.connectionsPerAddress))

        #expect(book.connections == 2)
        #expect(book.block(of: numbers[0]) == .test(1))
    }

    @Test func `a client behind a load balancer has its own handshakes to lose`() {
        var book = PlaceBook(.of(handshakes: 100, handshakesPerAddress: 1))
        let numbers = (1...3).map { _ in book.admitted(from: nil) ?? 0 }
        _ = book.identify(numbers[0], as: .test(1))
        _ = book.identify(numbers[1], as: .test(2))

        let verdict = book.identify(numbers[2], as: .test(1))

        #expect(
            verdict
                == .admitted(
                    numbers[2],
                    ending: .init(number: numbers[0], block: .test(1), reason: .handshakesPerAddress)
                )
        )
        #expect(book.identify(numbers[0], as: .test(3)) == .admitted(numbers[0], ending: nil))
        #expect(book.connections == 2)
    }
}

@Suite("How many places there are")
struct PlaceLimitsTests {
    @Test(arguments: [
        (10_000, Int?.none, 2, 2_000, 1_024, 512), (3_000, nil, 2, 1_500, 1_024, 512), (1, nil, 2, 1, 16, 8),
        (10_000, 10_000, 2, 10_000, 1_024, 512), (100, nil, 2, 50, 50, 25),
        (100_000, nil, 16, 2_000, 8_192, 4_096),
    ])
    func `limits follow from the settings and the event loops`(
        connections: Int,
        written: Int?,
        loops: Int,
        perAddress: Int,
        handshakes: Int,
        handshakesPerAddress: Int
    ) {
        let limits = PlaceLimits(connections: connections, perAddress: written, loops: loops)

        #expect(limits.connections == connections)
        #expect(limits.perAddress == perAddress)
        #expect(limits.handshakes == handshakes)
        #expect(limits.handshakesPerAddress == handshakesPerAddress)
    }
}

extension PlaceBook {
    /// The place of a newcomer for whom nobody had to go; nil when it got none.
    mutating func admitted(from block: AddressBlock?) -> Number? {
        if case .admitted(let number, nil) = arrive(from: block) { number } else { nil }
    }
}

extension PlaceLimits {
    /// Limits of which only the named ones are near.
    static func of(
        connections: Int = 1_000,
        perAddress: Int = 1_000,
        handshakes: Int = 1_000,
        handshakesPerAddress: Int = 1_000
    ) -> PlaceLimits {
        var limits = PlaceLimits(connections: connections, perAddress: perAddress, loops: 1)
        limits.handshakes = handshakes
        limits.handshakesPerAddress = handshakesPerAddress
        return limits
    }
}

extension AddressBlock {
    /// One of 65,536 addresses of 10.0.0.0/8.
    static func test(_ number: Int) -> AddressBlock {
        guard let address = IPAddress(bytes: [10, 0, UInt8(number >> 8), UInt8(number & 255)]) else {
            preconditionFailure("four bytes are an address")
        }
        return AddressBlock(address)
    }
}
