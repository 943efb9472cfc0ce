/// Bounds of any file that is read, of the values in it and of what is said about them.
package enum ConfigurationLimits {
    /// Bytes of one file.
    ///
    /// A tenant with hundreds of connections needs a tenth of it; parsing takes time with the size.
    package static let fileBytes = 262_144
    /// Levels of brackets in a file: its own shape needs five.
    ///
    /// The YAML parser recurses over them.
    package static let bracketDepth = 32
    /// Columns of indentation (dashes included) in a file, for the same reason.
    package static let indentColumns = 128
    /// Duplicated keys that are told one by one: each costs another parse.
    package static let duplicateKeys = 25
    /// Findings told of one file; the rest is counted.
    package static let findingsPerFile = 20
    /// Columns of a source line that a finding shows.
    package static let shownColumns = 160
    /// Characters of a value that a message quotes.
    package static let quotedCharacters = 60
    /// Bytes of free text, such as a display name.
    package static let textBytes = 256
    /// Bytes of a path: PATH_MAX less the final NUL.
    package static let pathBytes = 4_095
    /// Bytes of a value that a file holds for `${file:…}`: a secret, or a list of proxies.
    package static let outsideBytes = 65_536
}
