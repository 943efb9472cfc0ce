import Crypto
import Dispatch
import Glibc
import Testing

@Suite("The end of threads that used a library context, OPENSSL_thread_stop(3)")
struct ThreadEndTests {
    /// OpenSSL 3.0 crashes a thread that ends after the context it drew random bytes in was freed.
    @Test func `a thread ends in peace after the last reference to its context is gone`() throws {
        for _ in 0..<20 { try use { try LibraryContext(name: "short") } }
    }

    /// A module has thread-local parts of its own.
    @Test(TestModule.isNeeded) func `so does a thread that used a FIPS module`() throws {
        let module = FIPSModule(configFile: try #require(TestModule.configFile))

        for _ in 0..<5 { try use { try LibraryContext(name: "short", in: module) } }
    }

    private func use(_ make: () throws -> LibraryContext) throws {
        let user = User(try make())
        var thread = pthread_t()
        let result = unsafe pthread_create(&thread, nil, runUser, Unmanaged.passUnretained(user).toOpaque())
        #expect(result == 0)

        user.hasUsed.wait()
        user.context = nil
        user.mayEnd.signal()

        let joined = pthread_join(thread, nil)
        #expect(joined == 0)
    }
}

/// What one thread shares with the test.
///
/// The semaphores order the accesses.
private final class User {
    var context: LibraryContext?
    let hasUsed = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)

    init(_ context: LibraryContext) {
        self.context = context
    }
}

private func runUser(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let user = unsafe Unmanaged<User>.fromOpaque(argument).takeUnretainedValue()
    _ = user.context?.randomBytes(1)
    user.hasUsed.signal()
    user.mayEnd.wait()
    return nil
}
