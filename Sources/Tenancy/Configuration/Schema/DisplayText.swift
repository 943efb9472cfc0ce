/// Free text that people give to things, in files and in commands.
package enum DisplayText {
    /// Whether a text can stand in a line: not empty, without control characters, at most ``TenancyLimits/textBytes``.
    package static func isAllowed(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= TenancyLimits.textBytes
            && !text.unicodeScalars.contains(where: SourceText.isControl)
    }
}
