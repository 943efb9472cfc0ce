import Outbound
import Testing

@testable import Rehearsal

@Suite("A probe of a connection")
struct ProbeRunTests {
    private let server = PretendServer()

    private func probed(isReachable: Bool = true, tenantStatus: String? = "active") async -> [ProbeStep] {
        let server = server
        var run = ProbeRun(
            EntraRequests(tenantURL: "https://scim.example/scim/v2", token: "t"),
            .probe(name: "n", externalID: "e"),
            ProbeAdvice(connection: "acme/staff", tenantStatus: tenantStatus),
            isReachable: isReachable,
            send: { server.answer($0) },
            tell: { _ in }
        )
        await run.test(guid: "0000-1111")
        await run.live()
        return run.steps
    }

    @Test func `a good gateway passes every step, and nothing is left`() async {
        let steps = await probed()

        #expect(steps.allSatisfy { $0.outcome == .passed })
        #expect(
            steps.map(\.title) == [
                "test connection", "create", "read, filter", "change", "disable", "restore, delete",
                "cleaned up",
            ]
        )
        #expect(steps[0].what.contains("0000…\", 0 results") && steps[0].milliseconds == 2)
        #expect(!server.hasLearner)
    }

    @Test(arguments: 2...8)
    func `whatever fails once, the learner does not stay`(number: Int) async {
        server.faults[number] = .failure(HTTPSFailure(.broken, "the connection ended"))

        let steps = await probed()

        #expect(steps.contains { $0.outcome == .failed })
        #expect(!server.hasLearner)
        #expect(steps.last?.title == "cleaned up" && steps.last?.outcome == .passed)
    }

    @Test func `a learner is found and deleted although no answer came to its creation`() async {
        server.makesBeforeFault = true
        server.faults[2] = .failure(HTTPSFailure(.timedOut, "no answer came in time"))

        let steps = await probed()

        #expect(!server.hasLearner && server.asked.contains("DELETE /Users/1"))
        #expect(steps.map(\.outcome) == [.passed, .failed, .skipped, .skipped, .skipped, .skipped, .passed])
    }

    @Test func `a refused change does not keep the other steps from being tried`() async {
        server.faults[5] = .success(PretendServer.json(400, #"{"detail":"no such path"}"#))

        let steps = await probed()

        #expect(steps.map(\.outcome) == [.passed, .passed, .passed, .failed, .passed, .passed, .passed])
        #expect(steps[3].problem == "answered 400 instead of 200 or 204: no such path")
    }

    @Test(arguments: [
        (503, "paused", "is paused"), (401, "disabled", "is disabled"), (401, "active", "--only problems"),
        (404, "active", "/scim/v2"), (421, "active", "hosts:"), (429, "active", "ceiling"),
    ])
    func `what would come again and again ends the probe, with what to do`(
        status: Int,
        tenantStatus: String,
        advice: String
    ) async {
        server.faults[1] = .success(PretendServer.json(status, "{}"))

        let steps = await probed(tenantStatus: tenantStatus)

        #expect(steps[0].outcome == .failed && steps[0].fix?.contains(advice) == true)
        #expect(steps.dropFirst().allSatisfy { $0.outcome == .skipped } && server.asked.count == 1)
    }

    @Test func `a page for people is told as what it is`() async {
        let page = HTTPSAnswer(
            status: 200,
            fields: [HTTPSField("Content-Type", "text/html")],
            body: Array("<html>".utf8),
            microseconds: 1
        )
        server.faults[1] = .success(page)

        let steps = await probed()

        #expect(steps[0].problem == "the answer 200 is not SCIM: something in front gave it")
    }

    @Test func `a server that is not trusted is sent nothing`() async {
        let steps = await probed(isReachable: false)

        #expect(server.asked.isEmpty && steps.allSatisfy { $0.outcome == .skipped })
    }

    @Test func `a cancelled probe puts back what it made, and goes no further`() async {
        let server = server
        let steps = await Task {
            var run = ProbeRun(
                EntraRequests(tenantURL: "https://scim.example/scim/v2", token: "t"),
                .probe(name: "n", externalID: "e"),
                ProbeAdvice(connection: "acme/staff", tenantStatus: nil),
                send: { request in
                    if request.method == .post { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
                    return server.answer(request)
                },
                tell: { _ in }
            )
            await run.live()
            return run.steps
        }
        .value

        #expect(!server.hasLearner)
        #expect(steps.map(\.outcome) == [.passed, .skipped, .skipped, .skipped, .skipped, .passed])
    }
}
