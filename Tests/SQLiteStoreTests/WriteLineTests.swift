import Testing

@testable import SQLiteStore

@Suite("Queues of writes that wait for a worker")
struct WriteLineTests {
    @Test func `who has waited longest goes first, and one with more to do goes to the end`() {
        var line = WriteLine<String>(workers: 1)
        for queue in ["a", "b", "c"] { _ = line.add(queue) }

        let first = line.next()
        line.addAgain("a")
        let others = (0..<4).map { _ in line.next() }

        #expect(first == "a")
        #expect(others == ["b", "c", "a", nil])
    }

    @Test func `a worker comes for each queue, as long as there is one that is not at work`() {
        var line = WriteLine<String>(workers: 2)

        let comes = ["a", "b", "c"].map { line.add($0) }

        #expect(comes == [true, true, false])
    }

    @Test func `a worker that found nothing comes again when it is called, and not before`() {
        var line = WriteLine<String>(workers: 1)
        _ = line.add("a")
        _ = line.next()

        let whileAtWork = line.add("b")
        let found = [line.next(), line.next()]
        let afterwards = line.add("c")

        #expect(!whileAtWork)
        #expect(found == ["b", nil])
        #expect(afterwards)
    }
}
