import Gateway
import Store

extension GatewayCore {
    /// What a reload would change, and what it would refuse; nothing is changed.
    func plan(allowsRemovals: Bool = false) async throws(AdminMessages.Problem) -> PlanMessage {
        let foreseen = try await OperatorDesk.asking { () async throws(StoreError) in
            try await self.foresee(allowsRemovals: allowsRemovals)
        }
        return PlanMessage(
            foreseen.plan,
            generation: foreseen.generation,
            findings: foreseen.findings,
            refuses: foreseen.refuses
        )
    }
}
