/// Rows under titles, without borders: easy to read, to cut and to grep.
///
/// ```
/// TENANT         STATUS  USERS
/// contoso        active  1204
/// northwind-gov  paused   312
/// ```
package struct Table: Sendable {
    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// One column.
    package struct Column: Sendable, ExpressibleByStringLiteral {
        /// What stands above it.
        package let title: String
        /// Whether its cells end at the same place, as figures do.
        package let isRight: Bool
        /// Whether it is in the wide form only.
        package let isWide: Bool

        /// A column of words, in every form.
        package init(stringLiteral title: String) {
            self.init(title)
        }

        /// A column.
        package init(_ title: String, isRight: Bool = false, isWide: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.isWide = isWide
        }

        /// A column of figures.
        package static func figures(_ title: String) -> Column { Column(title, isRight: true) }

        /// A column of the wide form only.
        package static func wide(_ title: String) -> Column { Column(title, isWide: true) }
    }

    /// One cell: harmless text, and its colour.
    package struct Cell: Sendable, ExpressibleByStringInterpolation {
        /// The text, made harmless.
        let text: String
        /// The colour, when the stream has colours.
        let ink: Colour.Ink?

        /// A cell in the colour of the rest.
        package init(stringLiteral text: String) {
            self.init(text)
        }

        /// A cell.
        package init(_ text: String, _ ink: Colour.Ink? = nil) {
            self.text = ShownText.harmless(text)
            self.ink = ink
        }
    }

    /// A table without rows.
    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row: a cell for each column, those of the wide form included.
    package mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows.append(cells)
    }

    /// Adds a row of plain text.
    package mutating func add(_ cells: [String]) {
        add(cells.map { Cell($0) })
    }

    /// The lines, titles first, each column as wide as it needs to be; no white space ends a line.
    package func lines(isWide: Bool = false, colour: Colour = .off) -> [String] {
        let shown = columns.indices.filter { isWide || !columns[$0].isWide }
        let titles = columns.map { Cell($0.title, .bold) }
        // Columns may go without titles, as in a list of properties.
        let all = columns.contains { !$0.title.isEmpty } ? [titles] + rows : rows
        let widths = shown.map { column in
            all.map { ShownText.columns(of: $0[column].text) }.max() ?? 0
        }
        return all.map { row in
            let last = shown.last { !row[$0].text.isEmpty }
            guard let last else { return "" }
            return zip(shown, widths).prefix { $0.0 <= last }
                .map { column, width in
                    padded(
                        row[column],
                        to: width,
                        isRight: columns[column].isRight,
                        isLast: column == last,
                        colour
                    )
                }
                .joined(separator: "  ")
        }
    }

    private func padded(_ cell: Cell, to width: Int, isRight: Bool, isLast: Bool, _ colour: Colour) -> String
    {
        let space = String(repeating: " ", count: width - ShownText.columns(of: cell.text))
        let text = colour.paint(cell.text, cell.ink)
        return isRight ? space + text : isLast ? text : text + space
    }
}
