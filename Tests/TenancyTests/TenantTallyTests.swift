import Testing

@testable import Tenancy

@Suite("How many requests a tenant sent")
struct TenantTallyTests {
    @Test func `what all loops count is added up, each kind by itself`() {
        let tally = TenantTally()

        for loop in 0..<9 { tally.count(3, on: loop) }
        tally.count(TenantTally.kinds - 1, on: 1)

        #expect(tally.total(of: 3) == 9 && tally.total(of: TenantTally.kinds - 1) == 1)
        #expect((0..<TenantTally.kinds).filter { tally.total(of: $0) > 0 } == [3, TenantTally.kinds - 1])
    }

    @Test func `nothing is lost when many count at once`() async {
        let tally = TenantTally()

        await withTaskGroup(of: Void.self) { tasks in
            for loop in 0..<8 {
                tasks.addTask { for _ in 0..<1_000 { tally.count(0, on: loop) } }
            }
        }

        #expect(tally.total(of: 0) == 8_000)
    }
}
