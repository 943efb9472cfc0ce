/// Whose read runs on a thread next, as a pure machine: files take turns, and none has all threads.
///
/// A tenant's costly searches wait for its own, and not another tenant's. Opening a file is a read of that file.
struct ReadLine<Job> {
    /// Reads of one file that run at the same time.
    private let share: Int
    private var files: [String: Reads] = [:]
    /// The files with reads that wait, in the order in which they are served.
    private var ring: [String] = []

    /// The reads of one file.
    private struct Reads {
        var running = 0
        var waiting: ArraySlice<Job> = []
    }

    /// An empty line, for so many threads: half of them are for one file.
    init(threads: Int) {
        share = max(1, threads / 2)
    }

    /// A read of a file waits.
    mutating func add(_ job: Job, of file: String) {
        files[file, default: Reads()].waiting.append(job)
        if files[file]?.waiting.count == 1 { ring.append(file) }
    }

    /// The read that runs next, of a file that has not its share already; nil when there is none.
    mutating func next() -> (job: Job, file: String)? {
        guard let index = ring.firstIndex(where: { (files[$0]?.running ?? 0) < share }) else { return nil }
        let file = ring.remove(at: index)
        guard let job = files[file]?.waiting.popFirst() else { return nil }
        files[file]?.running += 1
        if files[file]?.waiting.isEmpty == false { ring.append(file) }
        return (job, file)
    }

    /// A read has ended.
    mutating func ended(_ file: String) {
        files[file]?.running -= 1
        if let reads = files[file], reads.running == 0, reads.waiting.isEmpty { files[file] = nil }
    }
}
