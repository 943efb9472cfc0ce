import Foundation

extension AdminMessages.BackedUpStores {
    /// The manifest as it lies in the folder of a backup: JSON for people, names sorted.
    var text: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // It holds strings, numbers and lists of them: nothing that JSON cannot say.
        return Array((try? encoder.encode(self)) ?? Data()) + Array("\n".utf8)
    }
}
