/// Free text that people give to things, in files and in commands.
package enum DisplayText {
    /// Whether a text can stand in a line: not empty, without control characters, at most ``ConfigurationLimits/textBytes``.
    package static func isAllowed(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= ConfigurationLimits.textBytes
            && !text.unicodeScalars.contains(where: SourceText.isControl)
    }
}
