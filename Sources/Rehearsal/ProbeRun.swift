package import Outbound
import SCIM

/// A probe's way through a connection as Entra would go it: test, and in full the whole life of one learner.
///
/// The learner is gone again at the end, whatever failed, as far as the gateway can be reached; also when the task is
/// cancelled.
package struct ProbeRun {
    private let requests: EntraRequests
    private let learner: SampleLearner
    private let advice: ProbeAdvice
    private let send: (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>
    private let tell: (ProbeStep) -> Void
    /// What was found so far, in order.
    package private(set) var steps: [ProbeStep] = []
    /// The learner's id, once the gateway gave one and as long as it is not deleted.
    private var id: String?
    /// Whether the learner may be there although no id is known: no answer came to its creation.
    private var mayExist = false
    /// Whether going on makes sense: the gateway answers, and lets us in.
    private var isServed: Bool

    /// A run with these requests and this learner; each step is told as soon as it is done.
    ///
    /// Nothing is sent to a server that is not reachable, or not trusted.
    package init(
        _ requests: EntraRequests,
        _ learner: SampleLearner,
        _ advice: ProbeAdvice,
        isReachable: Bool = true,
        send: @escaping (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>,
        tell: @escaping (ProbeStep) -> Void
    ) {
        self.requests = requests
        self.learner = learner
        self.advice = advice
        isServed = isReachable
        self.send = send
        self.tell = tell
    }

    /// "Test connection" with that random GUID.
    package mutating func test(guid: String) async {
        let step = ProbeStep("test connection", "GET /Users?filter=userName eq \"\(guid.prefix(4))…\"")
        await attempt(step) { (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            let found = try await run.ask(run.requests.find(userName: guid), [200], &step)
            let total = found.totalResults
            step.what += total.map { ", " + CountText.words($0, "result") } ?? ""
            guard total == 0 else {
                throw Dissent(
                    "a random name was found: filters do not filter",
                    "this is no SCIM gateway of ours"
                )
            }
        }
    }

    /// The whole life of one learner, and the proof that nothing of it is left.
    package mutating func live() async {
        await create()
        await read()
        await change()
        await attempt(ProbeStep("disable", "PATCH active \"False\" (as Entra sends it)")) {
            (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            try await run.setActive(false, &step)
        }
        await attempt(ProbeStep("restore, delete", "PATCH, DELETE")) {
            (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            try await run.setActive(true, &step)
            _ = try await run.ask(run.requests.delete(try run.known()), [204], &step)
            run.id = nil
        }
        await cleanUp()
    }
}

// MARK: - The steps of a life

extension ProbeRun {
    private mutating func create() async {
        await attempt(ProbeStep("create", "POST /Users")) {
            (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            run.mayExist = true
            let made = try await run.ask(run.requests.create(run.learner), [201], &step)
            run.id = made.id
            guard made.id != nil else {
                throw Dissent("the learner has no id", "this is no SCIM gateway of ours")
            }
        }
    }

    private mutating func read() async {
        await attempt(ProbeStep("read, filter", "GET /Users/…, userName eq \"…\"")) {
            (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            let id = try run.known()
            let read = try await run.ask(run.requests.read(id), [200], &step)
            let found = try await run.ask(run.requests.find(userName: run.learner.userName), [200], &step)
            step.what += found.totalResults.map { ", " + CountText.words($0, "result") } ?? ""
            guard read.id == id, found.listedIDs == [id] else {
                throw Dissent("the learner is not found as created", "see: scim-gateway doctor")
            }
        }
    }

    private mutating func change() async {
        await attempt(ProbeStep("change", "PATCH op \"Replace\", path, manager")) {
            (run: inout ProbeRun, step: inout ProbeStep) async throws(Dissent) in
            let id = try run.known()
            let request = run.requests.change(id, department: "Changed", manager: id)
            let changed = try await run.ask(request, [200, 204], &step)
            guard changed.status == 204 || changed.manager == id else {
                throw Dissent("the manager is not what was set", "see: scim-gateway doctor")
            }
        }
    }

    private mutating func setActive(_ isActive: Bool, _ step: inout ProbeStep) async throws(Dissent) {
        let changed = try await ask(requests.setActive(try known(), isActive), [200, 204], &step)
        guard changed.status == 204 || changed.isActive == isActive else {
            throw Dissent(
                "the learner is not switched \(isActive ? "on" : "off")",
                "see: scim-gateway doctor"
            )
        }
    }

    /// Deletes what may be left, and makes sure that it is gone.
    private mutating func cleanUp() async {
        guard mayExist else { return note(ProbeStep("cleaned up", "nothing was made", outcome: .skipped)) }
        var step = ProbeStep("cleaned up", "")
        do throws(Dissent) {
            var left = id.map { [$0] } ?? []
            left += try await ask(requests.find(userName: learner.userName), [200], &step).listedIDs
            for id in left { _ = try await ask(requests.delete(id), [204, 404], &step) }
            let found = try await ask(requests.find(userName: learner.userName), [200], &step)
            guard found.totalResults == 0 else { throw Dissent("the probe's learner is still there", "") }
        } catch {
            step = step.failed(
                error.problem,
                fix: "when the gateway can be reached again, delete the learner '\(learner.userName)'"
            )
        }
        // How often it was asked is of no interest.
        step.statuses = []
        step.milliseconds = nil
        note(step)
    }
}

// MARK: - How a step goes

extension ProbeRun {
    /// That an answer is not what was wanted.
    private struct Dissent: Error {
        let problem: String
        let fix: String
        /// Whether further steps make sense.
        var isServed = true

        init(_ problem: String, _ fix: String) {
            self.problem = problem
            self.fix = fix
        }
    }

    /// Makes a step, unless one before it showed that it makes no sense, or somebody ended the run.
    private mutating func attempt(
        _ step: ProbeStep,
        _ body: (inout ProbeRun, inout ProbeStep) async throws(Dissent) -> Void
    ) async {
        var step = step
        guard isServed, !Task.isCancelled else {
            step.outcome = .skipped
            return note(step)
        }
        do throws(Dissent) {
            try await body(&self, &step)
        } catch {
            isServed = error.isServed
            step = step.failed(error.problem, fix: error.fix)
        }
        note(step)
    }

    private mutating func note(_ step: ProbeStep) {
        steps.append(step)
        tell(step)
    }

    /// Sends a request, and gives its answer if it has one of these statuses.
    private func ask(_ request: HTTPSRequest, _ wanted: [Int], _ step: inout ProbeStep) async throws(Dissent)
        -> SCIMAnswer
    {
        switch await send(request) {
        case .success(let answer):
            let answer = SCIMAnswer(answer)
            step.statuses.append(answer.status)
            step.milliseconds = (step.milliseconds ?? 0) + answer.answer.milliseconds
            guard wanted.contains(answer.status), answer.isSCIM else {
                var dissent = Dissent(advice.problem(answer, wanted: wanted), advice.fix(answer))
                dissent.isServed = !Self.endsAll.contains(answer.status) && answer.isSCIM
                throw dissent
            }
            return answer
        case .failure(let failure):
            var dissent = Dissent(failure.sentence, ProbeAdvice.fix(failure))
            dissent.isServed = false
            throw dissent
        }
    }

    private func known() throws(Dissent) -> String {
        guard let id else {
            var dissent = Dissent("there is no learner to try it on", "see the step before")
            dissent.isServed = false
            throw dissent
        }
        return id
    }

    /// Statuses after which every further request would get the same.
    private static let endsAll: Set<Int> = [401, 404, 421, 429, 503]
}
