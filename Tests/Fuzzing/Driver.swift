import Glibc

/// What libFuzzer calls with each input; the environment says for which target.
///
/// One program serves all targets: building one takes minutes, linking seven takes more.
/// - Returns: 0, as libFuzzer demands.
@c(LLVMFuzzerTestOneInput)
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(BrokenPromise) {
        try Driver.target.check(input)
    } catch {
        // Cannot fail without cause: a broken promise is a find, and libFuzzer takes only what ends the process for one.
        fatalError("\(Driver.target.rawValue): broken promise: \(error)")
    }
    return 0
}

/// Which target this process feeds.
private enum Driver {
    static let target: FuzzTarget = {
        guard let name = unsafe getenv("FUZZ_TARGET").map({ unsafe String(cString: $0) }),
            let target = FuzzTarget(rawValue: name)
        else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            // Cannot fail under deploy/fuzz, which sets it; whoever starts the program by hand is told how.
            fatalError("set FUZZ_TARGET to one of \(names)")
        }
        return target
    }()
}
