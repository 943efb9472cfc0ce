/// One node of a YAML file, with its place.
///
/// A scalar is the text as written: what it means, our tables say.
///
/// YAML's own typing is not used: it would turn `off` into a boolean and `12e4567` into infinity.
package struct YAMLNode: Sendable {
    let place: FilePlace
    let content: Content

    /// What stands there.
    enum Content: Sendable {
        /// Text without its quotes; empty and unquoted when there is no value.
        case scalar(String, isQuoted: Bool)
        case sequence([YAMLNode])
        /// Keys in order, each once.
        case mapping([YAMLEntry])
        /// Something that is told already, and not looked at any more.
        case refused
    }

    /// A mapping without a key.
    package static func empty(at place: FilePlace) -> YAMLNode {
        YAMLNode(place: place, content: .mapping([]))
    }

    /// Whether nothing is written where a value belongs: `group:`.
    var isAbsent: Bool {
        if case .scalar(let text, isQuoted: false) = content { return text.isEmpty }
        return false
    }
}

/// One key with its value.
struct YAMLEntry: Sendable {
    let key: String
    let keyPlace: FilePlace
    let value: YAMLNode
}
