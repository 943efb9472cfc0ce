import SCIM
import Testing

@testable import Store

@Suite("The answer that waits for a write")
struct AwaitedAnswerTests {
    @Test(arguments: [(1_007, 7), (1_000, 0), (999, 0)] as [(Int64, Int)])
    func `its time goes from the request on, and a clock that was set back makes it nothing`(
        now: Int64,
        milliseconds: Int
    ) {
        let answer = AwaitedAnswer(arrived: Timestamp(milliseconds: 1_000))

        #expect(answer.milliseconds(until: Timestamp(milliseconds: now)) == milliseconds)
    }

    @Test func `only a group without its members has another status than 200`() {
        let answer = AwaitedAnswer(arrived: Timestamp(milliseconds: 0), statusWithoutMembers: 204)

        #expect(answer.status(ofChanged: .group, hasMembers: false) == 204)
        #expect(answer.status(ofChanged: .group, hasMembers: true) == 200)
        #expect(answer.status(ofChanged: .user, hasMembers: false) == 200)
    }
}
