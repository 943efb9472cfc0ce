import NIOCore
import Tenancy
import Testing

@testable import Sharing

@Suite("Room for bodies")
struct BodyRoomTests {
    private let a = Tenant.ID("a")
    private let b = Tenant.ID("b")
    private let c = Tenant.ID("c")
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let free = TenantLimits(requestsPerSecond: 1_000_000, burst: 1_000_000, queueTime: .seconds(2))

    private func line(all: Int, tenant: Int, ahead: Int = 65_535) -> TurnLine {
        var limits = TurnLimits()
        limits.aheadBytes = ahead
        limits.bodyBytes = all
        limits.bodyBytesOfTenant = tenant
        return TurnLine(limits)
    }

    private func ask(_ line: inout TurnLine, _ tenant: Tenant.ID, _ bytes: Int) -> TurnLine.Answer {
        line.asked(.request(bodyBytes: bytes), tenant, free, now: start)
    }

    @Test func `a tenant's bodies fill its share to the byte, and one byte more waits`() {
        var line = line(all: 1_000, tenant: 100)

        #expect(ask(&line, a, 40) == .begin)
        #expect(ask(&line, a, 60) == .begin)
        #expect(ask(&line, a, 1) == .wait(1))
        #expect(ask(&line, b, 100) == .begin)

        #expect(line.bodyBytes == 200)
        #expect(line.ended(a, bodyBytes: 40, now: start) == [1])
        #expect(line.bodyBytes == 161)
    }

    @Test func `all bodies fill the room to the byte, and one byte more waits for whoever ends`() {
        var line = line(all: 100, tenant: 60)
        #expect(ask(&line, a, 60) == .begin)
        #expect(ask(&line, b, 40) == .begin)

        #expect(ask(&line, c, 1) == .wait(1))

        #expect(line.ended(b, bodyBytes: 40, now: start) == [1])
    }

    @Test func `a request without a body needs no room`() {
        var line = line(all: 10, tenant: 10)
        #expect(ask(&line, a, 10) == .begin)

        #expect(ask(&line, b, 0) == .begin)
        #expect(ask(&line, a, 0) == .begin)
    }

    @Test func `a large body that waits is not passed by smaller ones of others for ever`() {
        var line = line(all: 100, tenant: 100, ahead: 10)
        #expect(ask(&line, a, 30) == .begin)
        #expect(ask(&line, a, 60) == .begin)
        #expect(ask(&line, b, 90) == .wait(1))
        #expect(ask(&line, c, 40) == .wait(2))

        #expect(line.ended(a, bodyBytes: 30, now: start) == [])
        #expect(line.ended(a, bodyBytes: 60, now: start) == [1])
        #expect(line.ended(b, bodyBytes: 90, now: start) == [2])
    }

    @Test func `a body larger than a share is received alone`() {
        var line = line(all: 10, tenant: 5)

        #expect(ask(&line, a, 11) == .begin)
        #expect(ask(&line, a, 1) == .wait(1))
        #expect(line.ended(a, bodyBytes: 11, now: start) == [1])
    }

    @Test func `what may have come of the bodies that wait has as much room again, for a tenant and for all`()
    {
        var line = line(all: 100, tenant: 100)
        #expect(ask(&line, a, 100) == .begin)

        #expect(ask(&line, a, 60) == .wait(1))
        #expect(ask(&line, a, 40) == .wait(2))
        #expect(ask(&line, a, 1) == .refuse(.tooMany(retryAfterSeconds: 1)))
        #expect(ask(&line, b, 1) == .refuse(.overloaded(retryAfterSeconds: 2)))

        #expect(line.left(1, of: a) == true)
        #expect(ask(&line, b, 60) == .wait(3))
        #expect(ask(&line, b, 1) == .refuse(.overloaded(retryAfterSeconds: 2)))
    }

    @Test func `a tenant that has used up its share stops nobody else's bodies`() {
        var line = line(all: 100, tenant: 60)
        #expect(ask(&line, a, 60) == .begin)
        #expect(ask(&line, a, 50) == .wait(1))

        #expect(ask(&line, b, 40) == .begin)
        #expect(line.next(now: start) == [])
        #expect(line.ended(b, bodyBytes: 40, now: start) == [])
        #expect(ask(&line, b, 40) == .begin)
    }

    @Test func `while a body is received others have the place, and it takes it back without waiting`() {
        var limits = TurnLimits()
        limits.inWork = 1
        var line = TurnLine(limits)
        #expect(ask(&line, a, 10) == .begin)
        #expect(ask(&line, b, 0) == .wait(1))

        #expect(line.rests(now: start) == [1])
        line.goesOn()

        #expect(line.inWork == 2)
        #expect(ask(&line, c, 0) == .wait(2))
        #expect(line.ended(b, bodyBytes: 0, now: start) == [])
        #expect(line.ended(a, bodyBytes: 10, now: start) == [2])
    }
}
