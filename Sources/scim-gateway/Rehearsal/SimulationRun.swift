import Outbound
import Rehearsal

/// The cycles of a rehearsal with many learners, shared out among connections.
struct SimulationRun {
    let access: RehearsalAccess
    /// One connection each.
    let seats: [HTTPSSeat]
    let learners: Int
    /// Nil is as fast as answers come.
    let pace: Pace?
    let isRemoving: Bool

    /// Does all cycles, and tells how long they took.
    func report(_ advice: ProbeAdvice) async throws(Inhabitants.Refused) -> SimulationReport {
        let start = ContinuousClock.now
        var (ids, tally) = await created()
        tally.add(await changed(ids))
        if isRemoving {
            ids = [:]
            tally.add(try await removed(advice))
        }
        let spent = (ContinuousClock.now - start) / .milliseconds(1)
        return SimulationReport(
            learners: learners,
            seconds: spent / 1_000,
            requests: tally.rows,
            refused: Dictionary(tally.refusals.map { ($0.what, $0.count) }, uniquingKeysWith: +)
        )
    }

    private func created() async -> ([Int: String], LatencyTally) {
        let step = seats.count
        let shares = await shared("provisioning", total: learners) { work, index in
            // Every worker takes each so-many-th number: all of them are done at about the same time.
            await work.create(stride(from: index + 1, through: learners, by: step))
        }
        return shares.reduce(into: ([:], LatencyTally())) { all, share in
            all.0.merge(share.0) { first, _ in first }
            all.1.add(share.1)
        }
    }

    private func changed(_ ids: [Int: String]) async -> LatencyTally {
        guard let manager = ids.min(by: { $0.key < $1.key })?.value else { return LatencyTally() }
        let step = seats.count
        let shares = await shared("changing", total: ids.count) { work, index in
            await work.change(ids.filter { $0.key % step == index }, manager: manager)
        }
        return shares.reduce(into: LatencyTally()) { $0.add($1) }
    }

    /// Page after page, as those of a page are on no page when they are deleted; what cannot be deleted ends it.
    private func removed(_ advice: ProbeAdvice) async throws(Inhabitants.Refused) -> LatencyTally {
        var tally = LatencyTally()
        while !Task.isCancelled {
            let seat = seats[0]
            let ids = try await Inhabitants.simulatedIDs(access.requests, advice) { await seat.exchange($0) }
            guard !ids.isEmpty else { break }
            let step = seats.count
            let shares = await shared("deleting", total: ids.count) { work, index in
                await work.delete(stride(from: index, to: ids.count, by: step).map { ids[$0] })
            }
            let round = shares.reduce(into: LatencyTally()) { $0.add($1) }
            tally.add(round)
            guard round.refusalCount == 0 else { break }
        }
        return tally
    }

    /// One worker to each connection.
    private func shared<Share: Sendable>(
        _ title: String,
        total: Int,
        _ work: @escaping @Sendable (Provisioning, Int) async -> Share
    ) async -> [Share] {
        let progress = SharedProgress(title, total: total)
        let shares = await withTaskGroup(of: Share.self) { tasks in
            for (index, seat) in seats.enumerated() {
                let provisioning = Provisioning(
                    access.requests,
                    makeGUID: access.makeGUID,
                    send: { await seat.exchange($0) },
                    pace: { [pace] in await pace?.wait() },
                    tell: { await progress.step() }
                )
                tasks.addTask { await work(provisioning, index) }
            }
            return await tasks.reduce(into: [Share]()) { $0.append($1) }
        }
        await progress.end()
        return shares
    }
}
