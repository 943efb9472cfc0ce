/// The settings, a certificate or every profile is wrong: nothing can be served.
package struct ConfigurationProblem: Error {
    /// What, where and how to mend it, as lines for the terminal.
    package let lines: [String]

    /// A problem told in these lines.
    package init(lines: [String]) {
        self.lines = lines
    }
}
