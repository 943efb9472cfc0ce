import Testing

@testable import SQLiteStore

@Suite("Reads that wait for a thread")
struct ReadLineTests {
    /// Adds reads, numbered from the first.
    private func line(threads: Int, _ files: String...) -> ReadLine<Int> {
        var line = ReadLine<Int>(threads: threads)
        for (number, file) in files.enumerated() { line.add(number, of: file) }
        return line
    }

    @Test func `files take turns, and of one file the oldest goes first`() {
        var line = line(threads: 12, "a", "a", "a", "b", "b", "c")

        let order = (0..<6).compactMap { _ in line.next()?.job }

        #expect(order == [0, 3, 5, 1, 4, 2])
        #expect(line.next() == nil)
    }

    @Test func `a file has half of the threads, and one read more waits for one of its own to end`() {
        var line = line(threads: 4, "a", "a", "a", "b")

        #expect(line.next()?.job == 0)
        #expect(line.next()?.job == 3)
        #expect(line.next()?.job == 1)
        #expect(line.next() == nil)

        line.ended("b")
        #expect(line.next() == nil)
        line.ended("a")
        #expect(line.next()?.job == 2)
    }

    @Test func `one thread serves a file as well`() {
        var line = line(threads: 1, "a", "a")

        #expect(line.next()?.job == 0)
        #expect(line.next() == nil)
        line.ended("a")
        #expect(line.next()?.job == 1)
    }
}
