package import Outbound

/// What Entra does with the learners of a scope: a first cycle, a cycle of changes, and, when they leave, their deletion.
///
/// Each worker does its share, one request after another, as each of a job's workers does.
package struct Provisioning: Sendable {
    private let requests: EntraRequests
    private let makeGUID: @Sendable () -> String
    private let send: @Sendable (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>
    /// Waits until one more request may be sent.
    private let pace: @Sendable () async -> Void
    /// Told of each learner that is done.
    private let tell: @Sendable () async -> Void

    /// Every so many-th learner is switched off in the cycle of changes.
    private static let disabledOf = 10

    /// Work with these requests.
    package init(
        _ requests: EntraRequests,
        makeGUID: @escaping @Sendable () -> String,
        send: @escaping @Sendable (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>,
        pace: @escaping @Sendable () async -> Void = {},
        tell: @escaping @Sendable () async -> Void = {}
    ) {
        self.requests = requests
        self.makeGUID = makeGUID
        self.send = send
        self.pace = pace
        self.tell = tell
    }

    /// The first cycle for these numbers: looks each learner up, and makes those who are not there.
    ///
    /// - Returns: Their ids by number, and the times. A cancelled task leaves the rest.
    package func create(_ numbers: some Sequence<Int> & Sendable) async -> ([Int: String], LatencyTally) {
        var (ids, tally): ([Int: String], LatencyTally) = ([:], LatencyTally())
        for number in numbers where !Task.isCancelled {
            let learner = SampleLearner.simulated(number, externalID: makeGUID())
            let found = await ask(requests.find(userName: learner.userName), .filter, [200], &tally)
            if let id = found?.listedIDs.first {
                ids[number] = id
            } else if found != nil {
                ids[number] = await ask(requests.create(learner), .create, [201], &tally)?.id
            }
            await tell()
        }
        return (ids, tally)
    }

    /// The cycle after it: everybody gets another department and a manager, and some are switched off.
    package func change(_ ids: [Int: String], manager: String) async -> LatencyTally {
        var tally = LatencyTally()
        for (number, id) in ids.sorted(by: { $0.key < $1.key }) where !Task.isCancelled {
            let request = requests.change(id, department: "Rehearsal \(number % 7)", manager: manager)
            _ = await ask(request, .change, [200, 204], &tally)
            if number.isMultiple(of: Self.disabledOf) {
                _ = await ask(requests.setActive(id, false), .disable, [200, 204], &tally)
            }
            await tell()
        }
        return tally
    }

    /// Deletes these learners; one who is gone already is as good.
    package func delete(_ ids: [String]) async -> LatencyTally {
        var tally = LatencyTally()
        for id in ids where !Task.isCancelled {
            _ = await ask(requests.delete(id), .delete, [204, 404], &tally)
            await tell()
        }
        return tally
    }

    // Inlined twice into one function, its discarded answer stops the optimiser of Swift 6.3 with an "ownership error".
    @inline(never)
    private func ask(
        _ request: HTTPSRequest,
        _ kind: LatencyTally.Kind,
        _ wanted: [Int],
        _ tally: inout LatencyTally
    ) async -> SCIMAnswer? {
        await pace()
        switch await send(request) {
        case .success(let answer):
            tally.add(kind, microseconds: answer.microseconds)
            guard wanted.contains(answer.status) else {
                tally.refuse(kind, "\(answer.status)")
                return nil
            }
            return SCIMAnswer(answer)
        case .failure(let failure):
            tally.refuse(kind, failure.code.rawValue)
            return nil
        }
    }
}

/// Who is in a tenant before a rehearsal with many.
package struct Inhabitants: Sendable, Equatable {
    /// All learners that the connection sees.
    package let all: Int
    /// Those of an earlier rehearsal.
    package let simulated: Int

    /// Those who are somebody, or nobody of ours.
    package var others: Int { all - simulated }

    /// Ids of a page, when learners are looked for to be deleted.
    private static let pageCount = 1_000

    /// Counts them.
    ///
    /// - Throws: the step that failed, with what to do.
    package static func counted(
        _ requests: EntraRequests,
        _ advice: ProbeAdvice,
        send: (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>
    ) async throws(Refused) -> Inhabitants {
        let all = try await answered(requests.count(onlySimulated: false), advice, send)
        let simulated = try await answered(requests.count(onlySimulated: true), advice, send)
        return Inhabitants(all: all.totalResults ?? 0, simulated: simulated.totalResults ?? 0)
    }

    /// A page of the ids of those of a rehearsal; deleted ones are on no further page.
    package static func simulatedIDs(
        _ requests: EntraRequests,
        _ advice: ProbeAdvice,
        send: (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>
    ) async throws(Refused) -> [String] {
        try await answered(requests.simulatedIDs(count: pageCount), advice, send).listedIDs
    }

    /// A question was not answered as it should be.
    package struct Refused: Error {
        /// What was wrong.
        package let problem: String
        /// What to do.
        package let fix: String

        /// A refusal.
        package init(problem: String, fix: String) {
            self.problem = problem
            self.fix = fix
        }
    }

    private static func answered(
        _ request: HTTPSRequest,
        _ advice: ProbeAdvice,
        _ send: (HTTPSRequest) async -> Result<HTTPSAnswer, HTTPSFailure>
    ) async throws(Refused) -> SCIMAnswer {
        switch await send(request) {
        case .success(let answer):
            let answer = SCIMAnswer(answer)
            guard answer.status == 200, answer.isSCIM else {
                throw Refused(problem: advice.problem(answer, wanted: [200]), fix: advice.fix(answer))
            }
            return answer
        case .failure(let failure):
            throw Refused(problem: failure.sentence, fix: ProbeAdvice.fix(failure))
        }
    }
}
