/// Who has a place: every open connection, whose it is, and whether its handshake is complete.
///
/// Pure: it touches no channel, no clock. Its owner tells it what happened, and closes what it names. Newcomers
/// are refused at the limits of connections. At those of handshakes they are let in, and one that is stalled goes: of
/// the sixty-four that have waited longest, that of the address with the most. A client that completes its handshake
/// in the time of a few packets is not among them while somebody leaves his half open, and however many do, a newcomer
/// gets its chance.
package struct PlaceBook: Sendable {
    /// Names a place; never used twice.
    package typealias Number = UInt64

    /// What may be.
    package var limits: PlaceLimits
    private var places: [Number: Place] = [:]
    private var clients: [AddressBlock: Client] = [:]
    private var handshakes = HandshakeLine()
    private var last: Number = 0

    private struct Place {
        /// Nil until a load balancer has told.
        var block: AddressBlock?
    }

    /// What one address has.
    private struct Client {
        var connections = 0
        var handshakes = HandshakeLine()
    }

    /// What becomes of a newcomer.
    package enum Verdict: Equatable {
        /// It has a place, and this other connection has none any more.
        case admitted(Number, ending: Ended?)
        /// It is to be closed.
        case refused(PlaceRefusal)
    }

    /// A connection that lost its place to a newcomer.
    package struct Ended: Equatable {
        /// The place it had.
        package let number: Number
        /// Whose it was; nil when a load balancer had yet to tell.
        package let block: AddressBlock?
        /// The limit that cost it its place.
        package let reason: PlaceRefusal
    }

    /// An empty house.
    package init(_ limits: PlaceLimits) {
        self.limits = limits
    }

    /// Connections that have a place.
    package var connections: Int { places.count }
    /// Those of them whose handshake is in progress.
    package var handshakesInProgress: Int { handshakes.count }

    /// Whose a place is; nil when that is not known, or there is no such place.
    package func block(of number: Number) -> AddressBlock? { places[number]?.block }

    /// A connection comes in; its block is nil when a load balancer has yet to tell whose it is.
    package mutating func arrive(from block: AddressBlock?) -> Verdict {
        if let block, isFull(block) { return .refused(.connectionsPerAddress) }
        let ending = handshakeToEnd(for: block)
        guard places.count - (ending == nil ? 0 : 1) < limits.connections else {
            return .refused(.connections)
        }
        if let ending { leave(ending.number) }
        last += 1
        places[last] = Place(block: nil)
        handshakes.append(last)
        if let block { assign(last, to: block) }
        return .admitted(last, ending: ending)
    }

    /// A load balancer has told whose a connection is.
    ///
    /// One that has lost its place meanwhile is being closed.
    package mutating func identify(_ number: Number, as block: AddressBlock) -> Verdict {
        guard places[number] != nil else { return .admitted(number, ending: nil) }
        guard !isFull(block) else {
            leave(number)
            return .refused(.connectionsPerAddress)
        }
        let ending = oldestBeyondLimit(of: block)
        if let ending { leave(ending.number) }
        assign(number, to: block)
        return .admitted(number, ending: ending)
    }

    /// A handshake is complete; false when the connection has lost its place.
    package mutating func completeHandshake(_ number: Number) -> Bool {
        guard let place = places[number] else { return false }
        handshakes.remove(number)
        if let block = place.block { clients[block]?.handshakes.remove(number) }
        return true
    }

    /// A connection is closed, or is to be; a second time changes nothing.
    package mutating func leave(_ number: Number) {
        guard let place = places.removeValue(forKey: number) else { return }
        handshakes.remove(number)
        guard let block = place.block, var client = clients.removeValue(forKey: block) else { return }
        client.connections -= 1
        client.handshakes.remove(number)
        if client.connections > 0 { clients[block] = client }
    }

    private mutating func assign(_ number: Number, to block: AddressBlock) {
        places[number]?.block = block
        clients[block, default: Client()].connections += 1
        if handshakes.contains(number) { clients[block]?.handshakes.append(number) }
    }

    private func isFull(_ block: AddressBlock) -> Bool {
        (clients[block]?.connections ?? 0) >= limits.perAddress
    }

    /// Which handshake must end before another may begin.
    private func handshakeToEnd(for block: AddressBlock?) -> Ended? {
        if let block, let own = oldestBeyondLimit(of: block) { return own }
        guard handshakes.count >= limits.handshakes, let stalled = mostStalled() else { return nil }
        return Ended(number: stalled, block: places[stalled]?.block, reason: .handshakes)
    }

    private func oldestBeyondLimit(of block: AddressBlock) -> Ended? {
        guard let client = clients[block], client.handshakes.count >= limits.handshakesPerAddress,
            let oldest = client.handshakes.oldest
        else { return nil }
        return Ended(number: oldest, block: block, reason: .handshakesPerAddress)
    }

    /// Of those that have waited longest, the first of the address that has the most.
    private func mostStalled() -> Number? {
        var (found, most) = (handshakes.oldest, 0)
        var candidate = found
        for _ in 0..<Self.candidates {
            guard let number = candidate else { break }
            let count = places[number]?.block.flatMap { clients[$0]?.handshakes.count } ?? 1
            if count > most { (found, most) = (number, count) }
            candidate = handshakes.next(after: number)
        }
        return found
    }

    /// How many are looked at: the choice must cost a newcomer little, however many there are.
    static let candidates = 64
}
