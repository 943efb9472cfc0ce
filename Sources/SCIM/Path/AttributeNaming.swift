/// How a name that a client sent is put into an error: short names only, so that text which strayed
/// into the place of a name is not repeated.
enum AttributeNaming {
    /// `: 'favouriteColour'`, or nothing when the name is longer than 100 bytes.
    static func quoted(_ name: String) -> String {
        name.utf8.count <= lengthLimit ? ": '\(name)'" : ""
    }

    /// Bytes: more than any name of RFC 7643 with its URN.
    private static let lengthLimit = 100
}
