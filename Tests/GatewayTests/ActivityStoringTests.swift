import Testing

@testable import Gateway

@Suite("Storing what waits of all tenants")
struct ActivityStoringTests {
    @Test(arguments: [
        (0, 2), (249, 2), (250, 3), (1_499, 7), (1_500, 8), (10_000, 8),
    ])
    func `few stores are written one beside another, many eight at a time`(_ stores: Int, _ width: Int) {
        #expect(ActivityStoring.width(for: stores) == width)
    }
}
