import Dialects
import HTTPTransport
import HTTPTypes
import SCIM
import Store
import Synchronization
import Testing

@testable import Gateway

@Suite("What the entry of a write tells of the answer that waits for it")
struct WriteActivityTests {
    @Test func `its status is that of the answer, whatever the answer shows`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let user = try await gateway.create("ada@example.com")
            let group = try await gateway.createGroup("Guides")
            let rename = #"{"Operations":[{"op":"replace","path":"displayName","value":"Guides 0"}]}"#
            let leave = #"{"Operations":[{"op":"replace","path":"active","value":false}]}"#
            let replies = [
                await gateway.send(.patch, "/Users/\(user)", body: leave),
                await gateway.send(.patch, "/Groups/\(group)", body: rename),
                await gateway.send(
                    .patch,
                    "/Groups/\(group)?attributes=id",
                    body: rename.replacing("0", with: "x")
                ),
                await gateway.send(.put, "/Groups/\(group)", body: #"{"displayName":"Leaders"}"#),
                await gateway.send(.delete, "/Users/\(user)"),
            ]

            let entries = try await gateway.stored().entries

            #expect(replies.map(\.status.code) == [200, 204, 200, 200, 204])
            #expect(entries.map(\.status) == [201, 201] + replies.map(\.status.code))
        }
    }

    @Test func `its time is what went by from the request to the entry, and none when the clock stood still`()
        async throws
    {
        for step in [0, 5] as [Int64] {
            let clock = SteppingClock(TestGateway.now(), milliseconds: step)
            try await withGateway(now: clock.now) { gateway in
                let before = clock.readings

                _ = try await gateway.create("ada@example.com")

                let most = Int(step) * (clock.readings - before)
                let entry = try #require(try await gateway.stored().entries.first)
                let told = try #require(entry.milliseconds)
                #expect(step == 0 ? told == 0 : told > 0 && told < most, "\(told) of \(most)")
            }
        }
    }

    @Test
    func `an operation of a bulk has its own status, and is told like a request when it stores nothing`()
        async throws
    {
        try await withGateway { gateway in
            let tallies = RequestTallies(loops: 1)
            let exchange = TestGateway.listener("scim.example", of: gateway.runtime).counting(in: tallies)
            let user = try await gateway.create("ada@example.com")
            let switchOff = #"{"Operations":[{"op":"Replace","path":"active","value":"False"}]}"#
            let operations = [
                post("new"), post("twin", "ADA@example.com"),
                #"{"method":"PATCH","path":"/Users/\#(user)","data":\#(switchOff)}"#,
                #"{"method":"PATCH","path":"/Users/\#(user)","data":\#(switchOff)}"#,
                #"{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"x"}}"#,
                #"{"method":"DELETE","path":"/Users/\#(user)"}"#,
            ]

            let reply = await gateway.send(
                .post,
                "/Bulk",
                body: #"{"Operations":[\#(operations.joined(separator: ","))]}"#,
                through: exchange
            )

            let entries = try await gateway.activity().entries.dropFirst()
            let told = entries.filter { $0.kind != .tokenFirstUsed }.map {
                "\($0.kind.rawValue) \($0.status ?? 0)"
            }
            #expect(reply.status == .ok)
            #expect(
                told == [
                    "user.created 201", "user.deactivated 200", "user.deleted 204",
                    "request.refused 409", "user.unchanged 200", "group.refused 403",
                ]
            )
            let refused = try #require(entries.first { $0.kind == .requestRefused })
            #expect(refused.reason == "uniqueness" && refused.origin.operation == "POST /Bulk")
            #expect(entries.first { $0.kind == .userUnchanged }?.resource?.id.text == user)
            // Two operations departed, each in two ways: told once, counted twice.
            #expect(refused.origin.quirks == ["active_as_string", "capital_op"])
            #expect(tallies[0].count(of: .activeAsString) == 2)
            #expect(tallies[0].count(of: .capitalOperation) == 2)
            #expect(tallies[0].count(of: .managerArray) == 0)
        }
    }

}

extension TestGateway {
    /// Makes a group without members; gives the id.
    fileprivate func createGroup(_ name: String) async throws -> String {
        let reply = await send(.post, "/Groups", body: #"{"schemas":[],"displayName":"\#(name)"}"#)
        guard case .object(let group) = try JSONReader.read(Array(reply.text.utf8)),
            case .string(let id)? = group["id"]
        else {
            Issue.record("no id in \(reply.text)")
            return ""
        }
        return id
    }
}

/// A clock that goes on by so much each time somebody looks at it.
private final class SteppingClock: Sendable {
    private let state: Mutex<(moment: Timestamp, readings: Int)>
    private let step: Int64

    init(_ moment: Timestamp, milliseconds step: Int64) {
        state = Mutex((moment, 0))
        self.step = step
    }

    var readings: Int { state.withLock { $0.readings } }

    var now: @Sendable () -> Timestamp {
        {
            self.state.withLock { state in
                state.readings += 1
                state.moment = Timestamp(milliseconds: state.moment.milliseconds + self.step)
                return state.moment
            }
        }
    }
}
