/// Why bytes are not JSON that we take (RFC 8259), and where.
package struct JSONError: Error, Sendable {
    /// What is wrong.
    package let code: Code
    /// Where, in bytes from the start of the text; 0-based.
    package let byteOffset: Int

    /// What is wrong with a JSON text.
    package enum Code: String, Sendable, CaseIterable {
        /// There is nothing, or white space only.
        case empty = "there is no value"
        /// The text stops inside a value.
        case unexpectedEnd = "the text ends inside a value"
        /// A byte that the grammar has no place for.
        case unexpectedByte = "this character cannot stand here"
        /// Something follows the value.
        case trailingText = "something follows the value"
        /// The text begins with a byte order mark (RFC 8259 §8.1).
        case byteOrderMark = "the text begins with a byte order mark"
        /// A string holds U+0000…U+001F unescaped.
        case controlCharacter = "a string holds a control character that is not escaped"
        /// A backslash with something unknown behind it.
        case badEscape = "there is no such escape"
        /// `\u` of half a surrogate pair: it stands for no character.
        case loneSurrogate = "an escape stands for half a character"
        /// `\u0000`: legal JSON, but C libraries below us would end the text there.
        case nullCharacter = "a string holds the character U+0000"
        /// Bytes that are no UTF-8: overlong forms and surrogates included.
        case invalidUTF8 = "a string is not UTF-8"
        /// An object has a name twice: readers would differ on which value counts (RFC 8259 §4).
        case duplicateName = "an object has a name twice"
        /// More than ``JSONLimits/depth`` containers inside one another.
        case tooDeep = "the value is nested too deeply"
        /// A number that breaks the grammar, such as `01` or `1.`.
        case badNumber = "a number is not written as JSON writes numbers"
        /// A number that no finite `Double` holds, such as `1e999`.
        case numberOutOfRange = "a number is out of range"
    }

    /// What the client is told: 400 `invalidSyntax`.
    package var asSCIMError: SCIMError {
        .badRequest(
            .invalidSyntax,
            "The body is not JSON as this service takes it (RFC 8259): at byte \(byteOffset), "
                + "\(code.rawValue)."
        )
    }
}

extension JSONError: Equatable {
    /// Same code, wherever it happened.
    package static func == (left: JSONError, right: JSONError) -> Bool {
        left.code == right.code
    }
}
