/// The form of a text that only some keys know, such as a name: what people and editors are told of it.
package struct TextForm: Sendable, Equatable {
    /// What belongs there, for `explain` and for messages that may not show a value.
    let words: String
    /// One as it would be written.
    let example: String
    /// The regular expression of all there are, for the JSON Schema.
    let pattern: String
    /// What other readers of YAML may take one for, quotes left out; nil when nothing else.
    let looksLike: Lookalike?
    /// Whether what is written may not be shown.
    let isSecret: Bool

    /// A type of JSON's that a text can be taken for.
    package enum Lookalike: String, Sendable {
        /// Whole numbers: `42`.
        case integer
        /// Numbers: `12e45670`.
        case number
    }

    /// A form.
    package init(
        words: String,
        example: String,
        pattern: String,
        looksLike: Lookalike? = nil,
        isSecret: Bool = false
    ) {
        self.words = words
        self.example = example
        self.pattern = pattern
        self.looksLike = looksLike
        self.isSecret = isSecret
    }
}
