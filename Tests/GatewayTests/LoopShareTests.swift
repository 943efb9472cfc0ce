import HTTPTransport
import HTTPTypes
import Linux
import NIOCore
import NIOPosix
import SCIM
import Testing

@testable import Gateway

@Suite("What a loop is asked to do at once")
struct LoopShareTests {
    @Test func `a body of 16 KiB is the loop's, and one byte more is not`() {
        #expect(GatewayLimits.loopBodyBytes == 16 * 1024)
        #expect(!LoopShare.isExceeded(byBody: 16 * 1024))
        #expect(LoopShare.isExceeded(byBody: 16 * 1024 + 1))
    }

    @Test(arguments: [(249, false), (250, true)])
    func `a group and 249 members are the loop's, and one member more is not`(
        members: Int,
        isExceeded: Bool
    ) {
        #expect(GatewayLimits.loopAnswerParts == 250)
        let group = StoredResource.group(ofMembers: members)

        #expect(LoopShare.isExceeded(byAnswer: .found(group)) == isExceeded)
        #expect(LoopShare.isExceeded(byAnswer: .created(group)) == isExceeded)
        #expect(LoopShare.isExceeded(byAnswer: .changed(group, isStored: true, notes: [])) == isExceeded)
        let page = SCIMOutcome.page([group], totalResults: 1, startIndex: 1, next: nil)
        #expect(LoopShare.isExceeded(byAnswer: page) == isExceeded)
        #expect(!LoopShare.isExceeded(byAnswer: .deleted))
    }

    @Test(arguments: [false, true])
    func `what exceeds the share is done behind the loops, and goes on where it was`(isExceeded: Bool)
        async throws
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let executor = LoopExecutor(loop)

        let steps = await withCheckedContinuation { continuation in
            loop.execute {
                ThreadPrecedence.answering.take()
                _ = executor.start {
                    let before = Step.here(on: loop)
                    // It throws what the work throws: nothing.
                    let work = try? await LoopShare.work(exceeding: isExceeded) { Step.here(on: loop) }
                    continuation.resume(returning: [before, work, .here(on: loop)].compactMap { $0 })
                }
            }
        }

        #expect(steps.map(\.isOnLoop) == [true, !isExceeded, true])
        let (first, work) = (try #require(steps[0].precedence), try #require(steps[1].precedence))
        #expect(work.isBehind(first) == isExceeded && steps[2] == steps[0])
        try await group.shutdownGracefully()
    }

    @Test(arguments: [0, 20_000])
    func `a learner whose body is large is made, changed, and refused as any`(padding: Int) async throws {
        try await withGateway { gateway in
            let space = String(repeating: " ", count: padding)
            let user =
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com"\#(space)}"#

            let made = await gateway.send(.post, "/Users", body: user)
            let again = await gateway.send(.post, "/Users", body: user)
            let broken = await gateway.send(.post, "/Users", body: user + space + "}")

            #expect(made.status == .created && made.text.contains("ada@example.com"))
            #expect(again.status == .conflict && again.text.contains(#""scimType":"uniqueness""#))
            #expect(broken.status == .badRequest && broken.text.contains(#""scimType":"invalidSyntax""#))
        }
    }
}

/// Where a task is at a moment.
private struct Step: Equatable {
    let isOnLoop: Bool
    let precedence: ThreadPrecedence?

    static func here(on loop: any EventLoop) -> Step {
        Step(isOnLoop: loop.inEventLoop, precedence: .current)
    }
}

extension StoredResource {
    /// A group with so many members.
    fileprivate static func group(ofMembers count: Int) -> StoredResource {
        StoredResource(
            type: .group,
            id: ResourceID("g"),
            version: ResourceVersion(1),
            created: Timestamp(milliseconds: 0),
            lastModified: Timestamp(milliseconds: 0),
            document: Array("{}".utf8),
            splices: DocumentSplices(externalID: 1, manager: nil, groups: 1, location: 1),
            writtenSet: .full,
            externalID: nil,
            groups: [],
            members: (0..<count).map {
                MemberReference(id: ResourceID("\($0)"), type: .user, display: "Ada")
            },
            managerReference: nil
        )
    }
}
