import NIOCore
import Tenancy
import Testing

@testable import Sharing

@Suite("The line of all requests")
struct TurnLineTests {
    private let a = Tenant.ID("a")
    private let b = Tenant.ID("b")
    private let c = Tenant.ID("c")
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    /// A ceiling that is in nobody's way.
    private let free = TenantLimits(requestsPerSecond: 1_000_000, burst: 1_000_000, queueTime: .seconds(2))

    private static func line(_ change: (inout TurnLimits) -> Void = { _ in }) -> TurnLine {
        var limits = TurnLimits()
        change(&limits)
        return TurnLine(limits)
    }

    /// Asks for turns of requests without a body.
    private func ask(_ line: inout TurnLine, _ tenant: Tenant.ID, times: Int = 1) -> [TurnLine.Answer] {
        (0..<times).map { _ in line.asked(.request(bodyBytes: 0), tenant, free, now: start) }
    }
}

// MARK: - Limits

extension TurnLineTests {
    @Test func `a tenant has its share in work, and one more waits`() {
        var line = Self.line { $0.inWorkOfTenant = 2 }

        #expect(ask(&line, a, times: 3) == [.begin, .begin, .wait(1)])
        #expect(ask(&line, b) == [.begin])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [1])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [])
    }

    @Test func `all tenants have so much in work, and one more waits for the first that ends`() {
        var line = Self.line { $0.inWork = 2 }

        #expect(ask(&line, a, times: 2) == [.begin, .begin])
        #expect(ask(&line, b) == [.wait(1)])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [1])
    }

    @Test func `as many of a tenant wait as may, and one more is told to come again`() {
        var line = Self.line { ($0.inWorkOfTenant, $0.waitingOfTenant) = (1, 2) }

        let answers = ask(&line, a, times: 4)

        #expect(answers == [.begin, .wait(1), .wait(2), .refuse(.tooMany(retryAfterSeconds: 1))])
        #expect(ask(&line, b) == [.begin])
    }

    @Test func `as many of all wait as may, and one more is told that there is too much`() {
        var line = Self.line { ($0.inWork, $0.waiting) = (1, 2) }

        #expect(ask(&line, a, times: 2) == [.begin, .wait(1)])
        #expect(ask(&line, b) == [.wait(2)])
        #expect(ask(&line, c) == [.refuse(.overloaded(retryAfterSeconds: 2))])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [1])
        #expect(ask(&line, c) == [.wait(3)])
    }

    @Test func `a tenant that is not to wait at all is refused at once`() {
        var line = Self.line { $0.inWorkOfTenant = 1 }
        let hasty = TenantLimits(requestsPerSecond: 1_000, burst: 100, queueTime: .zero)

        let answers = (0..<2).map { _ in line.asked(.request(bodyBytes: 0), a, hasty, now: start) }

        #expect(answers == [.begin, .refuse(.tooMany(retryAfterSeconds: 1))])
    }

    @Test func `what is above the ceiling waits until it opens, and another tenant does not`() {
        var line = Self.line()
        let slow = TenantLimits(requestsPerSecond: 25, burst: 1, queueTime: .seconds(2))

        let answers = (0..<3).map { _ in line.asked(.request(bodyBytes: 0), a, slow, now: start) }

        #expect(answers == [.begin, .begin, .wait(1)])
        #expect(ask(&line, b) == [.begin])
        #expect(line.wakes(now: start) == start + .milliseconds(40))
        // Also when the line is looked at only after that.
        #expect(line.wakes(now: start + .milliseconds(41)) == start + .milliseconds(41))
        #expect(line.next(now: start + .milliseconds(39)) == [])
        #expect(line.next(now: start + .milliseconds(40)) == [1])
    }
}

// MARK: - Order

extension TurnLineTests {
    @Test func `tenants take turns, and of one tenant the oldest goes first`() {
        var line = Self.line { $0.inWork = 1 }
        #expect(ask(&line, a, times: 4) == [.begin, .wait(1), .wait(2), .wait(3)])
        #expect(ask(&line, b, times: 2) == [.wait(4), .wait(5)])
        #expect(ask(&line, c) == [.wait(6)])

        var order = line.ended(a, bodyBytes: 0, now: start)
        for tenant in [a, b, c, a, b] { order += line.ended(tenant, bodyBytes: 0, now: start) }

        #expect(order == [1, 4, 6, 2, 5, 3])
    }

    @Test func `one that comes late in a tenant's flood does not pass the flood, and another's first does`() {
        var line = Self.line { $0.inWork = 64 }
        #expect(ask(&line, a, times: 1_000).filter { $0 == .begin }.count == 64)
        #expect(ask(&line, b) == [.wait(937)])

        let first = line.ended(a, bodyBytes: 0, now: start)
        let second = line.ended(a, bodyBytes: 0, now: start)

        #expect(first == [1])
        #expect(second == [937])
    }

    @Test func `a tenant at its share keeps its place while others begin`() {
        var line = Self.line { ($0.inWork, $0.inWorkOfTenant) = (3, 1) }
        #expect(ask(&line, a, times: 2) == [.begin, .wait(1)])
        #expect(ask(&line, b, times: 2) == [.begin, .wait(2)])
        #expect(ask(&line, c, times: 2) == [.begin, .wait(3)])

        #expect(line.ended(b, bodyBytes: 0, now: start) == [2])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [1])
    }
}

// MARK: - Waiting

extension TurnLineTests {
    @Test func `who has waited long enough is late, with the time after which to come again`() {
        var line = Self.line()
        let slow = TenantLimits(requestsPerSecond: 25, burst: 1, queueTime: .milliseconds(20))
        for _ in 0..<2 { _ = line.asked(.request(bodyBytes: 0), a, slow, now: start) }
        let waiting = (0..<2).map { _ in line.asked(.request(bodyBytes: 0), a, slow, now: start) }
        #expect(waiting == [.wait(1), .wait(2)])

        #expect(line.late(now: start + .milliseconds(19)).count == 0)
        let late = line.late(now: start + .milliseconds(20))

        #expect(late.map(\.0) == [1, 2])
        #expect(late.map(\.1) == Array(repeating: .late(retryAfterSeconds: 1), count: 2))
        #expect(line.waiting == 0)
        #expect(line.wakes(now: start) == nil)
    }

    @Test func `so many are late at once, and one more a moment later`() {
        var line = Self.line { ($0.inWork, $0.lateAtOnce) = (1, 2) }
        #expect(ask(&line, a, times: 3) == [.begin, .wait(1), .wait(2)])
        #expect(ask(&line, b) == [.wait(3)])
        let end = start + .seconds(2)

        #expect(line.late(now: end).map(\.0) == [1, 2])

        #expect(line.wakes(now: end) == end)
        #expect(line.late(now: end).map(\.0) == [3])
    }

    @Test func `so many of one tenant are late at once, and one more a moment later`() {
        var line = Self.line { ($0.inWork, $0.lateOfTenantAtOnce) = (1, 2) }
        #expect(ask(&line, a, times: 4) == [.begin, .wait(1), .wait(2), .wait(3)])
        #expect(ask(&line, b) == [.wait(4)])
        let end = start + .seconds(2)

        #expect(line.late(now: end).map(\.0) == [1, 2, 4])

        #expect(line.late(now: end).map(\.0) == [3])
    }

    @Test func `the time to come again grows with those that wait, up to the limit`() {
        var line = Self.line { $0.waitingOfTenant = 1_000 }
        let slow = TenantLimits(requestsPerSecond: 25, burst: 1, queueTime: .seconds(2))
        for _ in 0..<102 { _ = line.asked(.request(bodyBytes: 0), a, slow, now: start) }
        // 100 wait, 4 s of 25 a second; the ceiling opens in 40 ms.
        let late = line.late(now: start + .seconds(2))
        #expect(late.first?.1 == .late(retryAfterSeconds: 4))

        for _ in 0..<1_002 { _ = line.asked(.request(bodyBytes: 0), b, slow, now: start) }

        let refused = line.asked(.request(bodyBytes: 0), b, slow, now: start)
        #expect(refused == .refuse(.tooMany(retryAfterSeconds: 30)))
    }

    @Test func `who leaves takes no turn and no room in the line`() {
        var line = Self.line { ($0.inWork, $0.waitingOfTenant) = (1, 2) }
        #expect(ask(&line, a, times: 3) == [.begin, .wait(1), .wait(2)])

        #expect(line.left(1, of: a) == true)
        #expect(line.left(1, of: a) == false)

        #expect(ask(&line, a) == [.wait(3)])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [2])
        #expect(line.waiting == 1)
    }

    @Test func `the next operation of a request waits as if it came anew, and the request keeps its share`() {
        var line = Self.line { ($0.inWork, $0.inWorkOfTenant) = (1, 1) }
        #expect(ask(&line, a) == [.begin])
        #expect(ask(&line, b) == [.wait(1)])

        #expect(line.rests(now: start) == [1])
        #expect(line.asked(.operation, a, free, now: start) == .wait(2))
        #expect(ask(&line, a) == [.wait(3)])

        #expect(line.ended(b, bodyBytes: 0, now: start) == [2])
        #expect(line.ended(a, bodyBytes: 0, now: start) == [3])
    }

    @Test func `a tenant that owes nothing is forgotten, one with a request in work or a debt is not`() {
        var line = Self.line { $0.rememberedTenants = 4 }
        for number in 0..<4 { #expect(ask(&line, Tenant.ID("\(number)")) == [.begin]) }
        for number in 0..<3 { _ = line.ended(Tenant.ID("\(number)"), bodyBytes: 0, now: start) }
        #expect(line.rememberedTenants == 4)

        #expect(ask(&line, a) == [.begin])
        #expect(line.rememberedTenants == 5)
        var later = Self.line { $0.rememberedTenants = 4 }
        for number in 0..<4 { #expect(ask(&later, Tenant.ID("\(number)")) == [.begin]) }
        for number in 0..<3 { _ = later.ended(Tenant.ID("\(number)"), bodyBytes: 0, now: start) }

        #expect(later.asked(.request(bodyBytes: 0), a, free, now: start + .seconds(1)) == .begin)

        #expect(later.rememberedTenants == 2)
    }
}
