import Foundation

/// A message that brings a page of a file: one line of JSON, and after its end the file's text as it is.
///
/// A string within the JSON is escaped here and unescaped there: that was two thirds of a page's time in the gateway and
/// nearly half of the command's.
package protocol FilePage: Codable, Sendable {
    /// The lines of the file with their ends; no property of the JSON.
    var text: String { get set }
}

extension FilePage {
    /// The message as it goes over the socket.
    func bytes(by encoder: JSONEncoder) throws -> Data {
        // Only a pretty-printed message has line feeds: within strings they are escaped.
        var bytes = try encoder.encode(self)
        bytes.append(Self.lineFeed)
        bytes.append(contentsOf: text.utf8)
        return bytes
    }

    /// Reads what came over the socket.
    ///
    /// - Throws: when it is no such message.
    init(readingPage bytes: Data) throws {
        let end = bytes.firstIndex(of: Self.lineFeed) ?? bytes.endIndex
        self = try JSONDecoder().decode(Self.self, from: bytes[..<end])
        text = String(decoding: bytes[end...].dropFirst(), as: UTF8.self)
    }

    private static var lineFeed: UInt8 { UInt8(ascii: "\n") }
}
