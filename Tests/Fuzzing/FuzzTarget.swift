/// A surface that takes bytes from outside: what `deploy/fuzz` feeds, one at a time.
///
/// The raw value is the name on the command line, and that of the folder in `Corpus`.
enum FuzzTarget: String, CaseIterable, Sendable {
    case json
    case filter
    case patch
    case http1
    case http2
    case token
    case tenantFile = "tenant-file"
    case cursor

    /// Feeds one input, and checks what must hold whatever it is.
    ///
    /// - Throws: the first promise that the input broke. What traps, hangs or takes too much memory is for
    ///   whoever calls to see.
    func check(_ input: [UInt8]) throws(BrokenPromise) {
        switch self {
        case .json: try JSONPromises.check(input)
        case .filter: try FilterPromises.check(input)
        case .patch: try PatchPromises.check(input)
        case .http1: try HTTP1Promises.check(input)
        case .http2: try HTTP2Promises.check(input)
        case .token: try TokenPromises.check(input)
        case .tenantFile: try TenantFilePromises.check(input)
        case .cursor: try CursorPromises.check(input)
        }
    }
}
