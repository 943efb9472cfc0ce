import Outbound
import Synchronization
import Testing

@testable import Rehearsal

@Suite("Provisioning as Entra does it")
struct ProvisioningTests {
    /// What was asked, and the learners who are there, by the number in their name.
    private final class Tenant: Sendable {
        let asked = Mutex<[String]>([])
        let known: Set<Int>
        let refusing: HTTPSRequest.Method?

        init(known: Set<Int> = [], refusing: HTTPSRequest.Method? = nil) {
            self.known = known
            self.refusing = refusing
        }

        func answer(_ request: HTTPSRequest) -> Result<HTTPSAnswer, HTTPSFailure> {
            asked.withLock { $0.append(request.method.rawValue) }
            guard request.method != refusing else { return .success(PretendServer.json(429, "{}")) }
            switch request.method {
            case .get:
                let number = known.first { request.url.contains("learner-00000\($0)%40") }
                let found = number.map { #"{"id":"\#($0)"}"# } ?? ""
                return .success(PretendServer.json(200, #"{"totalResults":1,"Resources":[\#(found)]}"#))
            case .post: return .success(PretendServer.json(201, #"{"id":"new"}"#))
            case .patch: return .success(PretendServer.json(200, "{}"))
            case .delete: return .success(PretendServer.json(404, "{}"))
            }
        }
    }

    private func provisioning(_ tenant: Tenant) -> Provisioning {
        Provisioning(
            EntraRequests(tenantURL: "https://scim.example/scim/v2", token: "t"),
            makeGUID: { "g" },
            send: { tenant.answer($0) }
        )
    }

    @Test func `who is there is found, who is not is made`() async {
        let tenant = Tenant(known: [2])

        let (ids, tally) = await provisioning(tenant).create(1...3)

        #expect(ids == [1: "new", 2: "2", 3: "new"] && tally.refusalCount == 0)
        #expect(tenant.asked.withLock { $0 } == ["GET", "POST", "GET", "GET", "POST"])
    }

    @Test func `nobody is made when the look-up was refused`() async {
        let tenant = Tenant(refusing: .get)

        let (ids, tally) = await provisioning(tenant).create(1...2)

        #expect(ids.isEmpty && tally.refusals.map(\.what) == ["filter 429"])
        #expect(!tenant.asked.withLock { $0 }.contains("POST"))
    }

    @Test func `every tenth is switched off in the cycle of changes`() async {
        let tenant = Tenant()
        let ids = Dictionary(uniqueKeysWithValues: (1...20).map { ($0, "\($0)") })

        let tally = await provisioning(tenant).change(ids, manager: "1")

        #expect(tally.rows.map(\.count) == [20, 2])
    }

    @Test func `who is gone already is as good as deleted`() async {
        #expect(await provisioning(Tenant()).delete(["1"]).refusalCount == 0)
        #expect(await provisioning(Tenant(refusing: .delete)).delete(["1"]).refusalCount == 1)
    }

    @Test func `a cancelled task leaves the rest`() async {
        let tenant = Tenant()

        let task = Task { () -> Int in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await provisioning(tenant).create(1...5).0.count
        }

        #expect(await task.value == 0 && tenant.asked.withLock { $0 }.isEmpty)
    }

    @Test(arguments: [(1, "learner-000001"), (99_999, "learner-099999"), (100_000, "learner-100000")])
    func `learners have names of one length`(number: Int, name: String) {
        #expect(SampleLearner.simulated(number, externalID: "e").userName == "\(name)@simulate.invalid")
    }
}
