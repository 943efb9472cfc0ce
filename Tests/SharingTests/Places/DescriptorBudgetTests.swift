import Testing

@testable import Sharing

@Suite("Descriptors for connections and for tenants")
struct DescriptorBudgetTests {
    /// Two loops, one profile: 56 are reserved, and a tenant takes nine.
    private func budget(_ openFiles: Int, connections: Int = 1_000, tenants: Int = 100, profiles: Int = 1)
        -> DescriptorBudget
    {
        DescriptorBudget(
            openFiles: openFiles,
            loops: 2,
            profiles: profiles,
            wantedConnections: connections,
            wantedTenants: tenants
        )
    }

    @Test(arguments: [(56 + 1_000 + 90, 1_000), (56 + 1_000 + 89, 999)])
    func `connections get what the open tenants leave`(openFiles: Int, connections: Int) {
        let budget = budget(openFiles)

        #expect(budget.connections(beside: [10]) == connections)
        #expect((budget.warning(beside: [10]) == nil) == (connections == 1_000))
    }

    @Test func `tenants that are not there take none, and no more than may be open do`() {
        let budget = budget(56 + 1_000 + 900)

        #expect(budget.openTenants == 100)
        #expect(budget.connections(beside: [0]) == 1_000)
        #expect(budget.connections(beside: [100]) == 1_000)
        #expect(budget.connections(beside: [100_000]) == 1_000)
        #expect(budget.warning(beside: [100_000]) == nil)
    }

    @Test func `where there are far too few, half are for connections`() {
        let budget = budget(56 + 200)

        #expect(budget.openTenants == 11)
        #expect(budget.connections(beside: [1]) == 191)
        #expect(budget.connections(beside: [11]) == 101)
        #expect(budget.connections(beside: [5_000]) == 101)
        let warning = budget.warning(beside: [11])
        #expect(
            warning?.contains("256 open files are too few for 1000 connections and 100 open tenants") == true
        )
        #expect(warning?.contains("LimitNOFILE=1956") == true)
    }

    @Test func `profiles open tenants of their own`() {
        let budget = budget(72 + 1_000 + 18 * 50, profiles: 2)

        #expect(budget.openTenants == 52)
        #expect(budget.connections(beside: [50, 50]) == 1_000)
        #expect(budget.connections(beside: [50, 0]) == 1_000)
    }

    @Test(arguments: [0, 56, 57])
    func `however few there are, somebody is served`(openFiles: Int) {
        #expect(budget(openFiles).connections(beside: [1]) == 1)
        #expect(budget(openFiles).openTenants == 1)
    }
}
