import Foundation

/// The lines of all cases as a Markdown table.
struct FiguresTable {
    /// The lines, case by case.
    private let lines: [Figures]

    /// A table of these lines.
    init(_ lines: [Figures]) {
        self.lines = lines
    }

    /// The table, its columns as wide as they need to be.
    var text: String {
        let rows = [Self.header] + lines.map(Self.cells)
        let widths = Self.header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var texts = rows.map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }
            return "| " + cells.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: width + 1) + (column == 0 ? "-" : ":")
        }
        texts.insert("|" + rule.joined(separator: "|") + "|", at: 1)
        return texts.joined(separator: "\n")
    }

    private static let header = [
        "case", "size", "µs", "CPU µs", "p99 µs", "× first", "× first, CPU", "at most", "peak MiB",
        "file MiB",
    ]

    private static func cells(_ line: Figures) -> [String] {
        [
            line.title,
            line.size.formatted(.number.locale(Self.locale)),
            decimal(line.wallMicroseconds, 1),
            decimal(line.cpuMicroseconds, 1),
            line.p99Microseconds.map { decimal($0, 1) } ?? "",
            decimal(line.wallRatio, 2),
            decimal(line.cpuRatio, 2),
            line.target.map { decimal($0, 1) } ?? "",
            decimal(Double(line.peakMemoryKiB) / 1_024, 1),
            decimal(Double(line.fileKiB) / 1_024, 1),
        ]
    }

    /// A number for people.
    static func decimal(_ number: Double, _ places: Int) -> String {
        number.formatted(.number.precision(.fractionLength(places)).locale(locale))
    }

    /// The same figures whatever the machine's language is.
    private static let locale = Locale(identifier: "en_US")
}
