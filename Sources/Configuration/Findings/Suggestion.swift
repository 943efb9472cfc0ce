/// Finds the word that was meant.
package enum Suggestion {
    /// The known word that is nearest to the written one; nil when none is near.
    ///
    /// Near means: equal but for case, dashes and underscores, or at most a third of the letters
    /// differ (two at least), an exchange of neighbours counting as one.
    package static func nearest(to written: String, among known: [String]) -> String? {
        let word = plain(written)
        guard word.count <= 64 else { return nil }
        let bound = min(3, max(2, word.count / 3))
        let rated = known.map { (word: $0, distance: distance(word, plain($0))) }
        let near = rated.filter { $0.distance <= bound && $0.distance < max(word.count, $0.word.count) }
        return near.min { $0.distance < $1.distance }?.word
    }

    private static func plain(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Changes, insertions, removals and exchanges of neighbours between the words (optimal string
    /// alignment).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = [Array(0...b.count)]
        for i in 1...max(1, a.count) where i <= a.count {
            var row = [i]
            for j in 1...max(1, b.count) where j <= b.count {
                let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var best = min(change, rows[i - 1][j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, rows[i - 2][j - 2] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
