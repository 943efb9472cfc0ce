/// A number with its noun, as people read it.
package enum CountText {
    /// `0 learners`, `1 learner`, `2 learners`; a noun that takes more than an `s` brings its plural.
    package static func words(_ count: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
    }
}
