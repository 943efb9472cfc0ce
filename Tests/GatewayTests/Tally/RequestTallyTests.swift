import Dialects
import TLSTransport
import Tenancy
import Testing

@testable import Gateway

/// The places of the counters are numbers in the source, and a reason or a quirk more would end the process at the first
/// request that has it.
@Suite("What is counted on a loop")
struct RequestTallyTests {
    @Test func `every reason for a 401 has a counter of its own`() {
        let tally = RequestTally()
        let claim = AdmissionRefusal.Claim(tokenID: nil, tenant: nil, connection: nil, damage: nil)

        for (times, reason) in AdmissionRefusal.Reason.allCases.enumerated() {
            for _ in 0...times { tally.count(.notAdmitted(.unauthorized(reason, claim))) }
        }

        #expect(
            AdmissionRefusal.Reason.allCases.map { tally.count(of: $0) }
                == Array(1...AdmissionRefusal.Reason.allCases.count)
        )
    }

    @Test func `every quirk of clients has a counter of its own`() {
        let tally = RequestTally()

        for (times, quirk) in ClientQuirk.allCases.enumerated() {
            for _ in 0...times { tally.count([quirk]) }
        }

        #expect(
            ClientQuirk.allCases.map { tally.count(of: $0) } == Array(1...ClientQuirk.allCases.count)
        )
    }

    @Test func `a handshake is counted under its version, or under none`() {
        let tally = RequestTally()

        tally.countHandshake(.tls13, milliseconds: 3)
        tally.countHandshake(nil, milliseconds: 10_001)

        #expect(RequestTally.handshakeResults.map { tally.handshakes(to: $0).count } == [0, 1, 1])
        #expect(tally.handshakes(to: nil).classes.last == 1)
    }

    @Test func `loops beyond those that were told share a tally`() {
        let tallies = RequestTallies(loops: 2)

        #expect(tallies[0] !== tallies[1] && tallies[2] === tallies[0])
        #expect(RequestTallies(loops: 0).loops.count == 1)
    }
}
