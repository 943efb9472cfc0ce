import Testing

@testable import SQLiteStore

@Suite("The length of the log at which a file is checkpointed")
struct LogLengthTests {
    @Test func `files come to their lengths at different times`() {
        let standard = SQLiteLimits.standard.idleLogPages

        let lengths = (0..<200).map { SQLiteLimits.standard.ofFile("/data/tenant-\($0).sqlite").idleLogPages }

        #expect(lengths.allSatisfy { $0 >= standard / 2 && $0 <= standard / 2 + standard })
        for quarter in 0..<4 {
            let least = standard / 2 + quarter * standard / 4
            let inQuarter = lengths.count { $0 >= least && $0 < least + standard / 4 }
            #expect((25...75).contains(inQuarter))
        }
    }

    @Test func `a file keeps its length`() {
        let path = "/data/acme.sqlite"

        #expect(
            SQLiteLimits.standard.ofFile(path).idleLogPages == SQLiteLimits.standard.ofFile(path).idleLogPages
        )
    }

    @Test func `nothing else is another for a file`() {
        let limits = SQLiteLimits.standard.ofFile("/data/acme.sqlite")

        #expect(limits.logPages == SQLiteLimits.standard.logPages)
        #expect(limits.idleLogPages < limits.logPages)
    }

    @Test func `a log that is only written back at the end stays so`() {
        var limits = SQLiteLimits.standard
        (limits.logPages, limits.idleLogPages) = (.max, .max)

        #expect(limits.ofFile("/data/acme.sqlite").idleLogPages == .max)
    }
}
