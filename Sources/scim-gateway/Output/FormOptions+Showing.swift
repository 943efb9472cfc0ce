import Foundation
import Terminal
import Yams

// MARK: - Results in the form that was asked for

extension FormOptions {
    /// Shows a list: a row each as a table, the values to programs, or the names alone.
    func show<Row: Encodable>(
        _ rows: [Row],
        names: (Row) -> String,
        columns: [Table.Column],
        cells: (Row) -> [Table.Cell]
    ) throws {
        switch output {
        case .table, .wide:
            var table = Table(columns)
            for row in rows { table.add(cells(row)) }
            show(table)
        case .json, .yaml: try showValue(rows)
        case .name: for row in rows { Output.result(names(row)) }
        }
    }

    /// Shows one thing: a line for each of its properties that it has, the values to programs, or its name alone.
    func show(_ value: some Encodable, name: String, properties: [(name: String, value: String?)]) throws {
        switch output {
        case .table, .wide:
            var table = Table(["", ""])
            for property in properties {
                if let value = property.value { table.add([property.name, value]) }
            }
            show(table)
        case .json, .yaml: try showValue(value)
        case .name: Output.result(name)
        }
    }

    /// Shows what has lines of its own for people, and no name.
    func show(_ value: some Encodable, lines: () -> [String]) throws {
        guard output.isForPrograms else { return lines().forEach(Output.result) }
        try showValue(value)
    }

    /// Shows a table.
    func show(_ table: Table) {
        let colour = Manner.current.colour(on: .standardOutput)
        for line in table.lines(isWide: output == .wide, colour: colour) { Output.result(line) }
    }

    /// Shows values to programs: as YAML if that was asked for, else as JSON.
    ///
    /// Keys are sorted, so that a diff of two results is short.
    func showValue(_ value: some Encodable) throws {
        guard output == .yaml else { return try Output.json(value) }
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        encoder.options.allowUnicode = true
        encoder.options.width = -1
        Output.text(try encoder.encode(value))
    }
}

extension Output {
    /// The result as JSON for programs: sorted keys, so that a diff of two is short.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
