import Crypto
import Testing

@Suite("Comparison of secrets")
struct ConstantTimeTests {
    @Test(
        arguments: [
            ([], [], true), ([1], [1], true), ([1, 2, 3], [1, 2, 3], true), ([1, 2, 3], [1, 2, 4], false),
            ([0, 2, 3], [1, 2, 3], false), ([1, 2], [1, 2, 0], false), ([], [0], false),
        ] as [([UInt8], [UInt8], Bool)]
    )
    func `equal bytes and only equal bytes are equal`(a: [UInt8], b: [UInt8], isEqual: Bool) {
        #expect(ConstantTime.isEqual(a, b) == isEqual)
    }
}
