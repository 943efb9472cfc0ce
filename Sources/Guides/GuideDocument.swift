/// A guide for people: a title and parts, written out as Markdown or as a page of its own.
///
/// Words may hold `code` between back-quotes and **emphasis** between pairs of stars, as in Markdown, and nothing else.
package struct GuideDocument: Sendable {
    /// What it is about.
    let title: String
    /// What follows, in order.
    let parts: [Part]

    /// One part.
    enum Part: Sendable {
        /// A step's title.
        case heading(String)
        /// Sentences.
        case paragraph(String)
        /// What to do, in order.
        case steps([String])
        /// What to mind.
        case note(String)
        /// Rows under titles.
        case table([String], [[String]])
    }
}

// MARK: - Markdown

extension GuideDocument {
    /// The guide as Markdown.
    package var markdown: String {
        (["# \(title)"] + parts.map(Self.markdown)).joined(separator: "\n\n") + "\n"
    }

    private static func markdown(_ part: Part) -> String {
        switch part {
        case .heading(let words): "## \(words)"
        case .paragraph(let words): words
        case .steps(let steps): steps.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        case .note(let words): "> \(words)"
        case .table(let titles, let rows):
            ([titles, titles.map { _ in "---" }] + rows)
                .map { "| " + $0.map(cell).joined(separator: " | ") + " |" }
                .joined(separator: "\n")
        }
    }

    /// A bar would begin another cell.
    private static func cell(_ words: String) -> String { words.replacing("|", with: "\\|") }
}

// MARK: - HTML

extension GuideDocument {
    /// The guide as a page that needs no other file, loads nothing, and prints well.
    package var html: String {
        let body = (["<h1>\(Self.inline(title))</h1>"] + parts.map(Self.html)).joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(Self.escaped(title))</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
            code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
            table { border-collapse: collapse; } th, td { border: 1px solid; padding: .3rem .6rem; text-align: left; }
            aside { border-left: .3rem solid; padding-left: 1rem; margin: 1rem 0; }
            @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
            </style>
            </head>
            <body>
            \(body)
            </body>
            </html>

            """
    }

    private static func html(_ part: Part) -> String {
        switch part {
        case .heading(let words): return "<h2>\(inline(words))</h2>"
        case .paragraph(let words): return "<p>\(inline(words))</p>"
        case .steps(let steps):
            return "<ol>\n" + steps.map { "<li>\(inline($0))</li>\n" }.joined() + "</ol>"
        case .note(let words): return "<aside>\(inline(words))</aside>"
        case .table(let titles, let rows):
            let head = titles.map { "<th scope=\"col\">\(inline($0))</th>" }.joined()
            let lines = rows.map { "<tr>" + $0.map { "<td>\(inline($0))</td>" }.joined() + "</tr>\n" }
            return "<table>\n<tr>\(head)</tr>\n\(lines.joined())</table>"
        }
    }

    /// Words with their code and emphasis.
    private static func inline(_ words: String) -> String {
        // Odd pieces stand between two back-quotes.
        words.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { index, piece in
                guard index % 2 == 0 else { return "<code>\(escaped(String(piece)))</code>" }
                return escaped(String(piece)).split(separator: "**", omittingEmptySubsequences: false)
                    .enumerated()
                    .map { $0 % 2 == 0 ? String($1) : "<strong>\($1)</strong>" }.joined()
            }
            .joined()
    }

    /// Text as HTML shows it: names come from files.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
