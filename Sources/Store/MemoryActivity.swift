import SCIM
import Tenancy

/// What a tenant's activity holds in memory, by plain scans.
struct MemoryActivity {
    /// The entries with their numbers, oldest first.
    private var entries: [(number: Int64, entry: ActivityEntry)] = []
    /// Counted requests, by minute.
    private var reads: [ActivityReads] = []
    private var last: Int64 = 0

    /// Adds the entry of a write, if it is to leave one.
    mutating func add(_ entry: ActivityEntry?) {
        guard let entry else { return }
        last += 1
        var numbered = entry
        numbered.number = last
        entries.append((last, numbered))
    }

    /// Adds entries, and adds counted requests to those of their minute.
    mutating func add(_ entries: [ActivityEntry], reads: [ActivityReads]) {
        for entry in entries { add(entry) }
        for more in reads {
            let same = self.reads.firstIndex {
                $0.minute == more.minute && $0.connection == more.connection && $0.kind == more.kind
            }
            if let same {
                self.reads[same].count += more.count
                self.reads[same].last = max(self.reads[same].last, more.last)
            } else {
                self.reads.append(more)
            }
        }
    }

    /// Removes the oldest entries, up to the first that did not happen before that moment; gives how many.
    mutating func remove(before moment: Timestamp) -> Int {
        let before = entries.count
        entries = Array(entries.drop { $0.entry.time < moment && $0.number < last })
        reads.removeAll { $0.minute < moment }
        return before - entries.count
    }

    /// How many entries there are.
    var entryCount: Int { entries.count }

    /// The entries that are asked for.
    func page(_ query: ActivityQuery) -> ActivityPage {
        let matches = entries.filter { number, entry in
            number > query.after?.number ?? 0 && query.since.map { entry.time >= $0 } ?? true
                && (!query.onlyProblems || entry.outcome.isProblem)
                && query.requestID.map { $0 == entry.origin.requestID } ?? true
        }
        let page = query.after == nil ? matches.suffix(query.count) : matches.prefix(query.count)
        return query.page(found: Array(page), reads: query.asksForReads ? counted(query) : [], newest: last)
    }

    private func counted(_ query: ActivityQuery) -> [ActivityReads] {
        let matches = reads.filter { reads in
            reads.minute > query.after?.minute ?? ActivityPlace.start.minute
                && query.since.map { reads.last >= $0 } ?? true
                && query.countedBefore.map { reads.minute < $0 } ?? true
        }
        let sorted = matches.sorted {
            ($0.minute, $0.connection.text, $0.kind.rawValue) < (
                $1.minute, $1.connection.text, $1.kind.rawValue
            )
        }
        return Array(query.after == nil ? sorted.suffix(query.count) : sorted.prefix(query.count))
    }
}
