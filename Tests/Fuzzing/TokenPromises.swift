import CloudProfiles
import Gateway
import SCIM

@testable import Tenancy

/// Bearer tokens: only what has our shape and checksum is one, nothing unknown is let in, and no secret is repeated.
enum TokenPromises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        try checkField(String(decoding: input, as: UTF8.self))
        try checkToken(String(decoding: input, as: UTF8.self))

        let token = WrittenToken.made(of: input)
        try promise("a well-formed token is taken", (try? AccessToken.parse(token)) != nil)
        try checkToken(token)
        // Where the input says so, a character becomes another one: no checksum forgives that.
        var changed = Array(token.utf8)
        let place = Int(input.last ?? 0) % changed.count
        changed[place] = changed[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
        let damaged = String(decoding: changed, as: UTF8.self)
        try promise("a changed token is refused", (try? AccessToken.parse(damaged)) == nil)
        try checkToken(damaged)
        // A checksum alone makes no token: under the right one, a byte of the input stands for a digit.
        changed[place] = input.first ?? 0
        try checkToken(String(decoding: WrittenToken.checked(changed.prefix(56)), as: UTF8.self))
    }

    private static func checkToken(_ text: String) throws(BrokenPromise) {
        let secret = String(decoding: text.utf8.dropFirst(WrittenToken.secretStart).prefix(24), as: UTF8.self)
        let words: String
        switch Result(catching: { () throws(TokenDamage) in try AccessToken.parse(text) }) {
        case .success(let token):
            try promise("only a well-formed token is taken", WrittenToken.isWellFormed(text))
            try promise("a token keeps its text", TextOrder.isSameBytes(token.text, text))
            try promise("the id is the public part", text.utf8.dropFirst(4).starts(with: token.id.text.utf8))
            words = "\(token) \(String(reflecting: token))"
        case .failure(let damage):
            try promise("a well-formed token is taken", !WrittenToken.isWellFormed(text))
            words = damage.description
        }
        // Shorter ones may well be in a sentence of ours.
        guard secret.utf8.count == 24 else { return }
        try promise("nobody is told the secret", !words.contains(secret))
    }

    private static func checkField(_ field: String) throws(BrokenPromise) {
        if let token = BearerCredentials.token(in: field) {
            try promise("a credential is not empty", !token.isEmpty)
            try promise("a credential is short", token.utf8.count <= BearerCredentials.maximumTokenBytes)
            try promise(
                "a credential is ASCII without a space",
                token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            )
            try promise(
                "a credential ends the field",
                field.utf8.reversed().starts(with: token.utf8.reversed())
            )
        }
        let answer = Admission.admit(
            authorization: [field],
            from: nil,
            directory: .empty(.commercial),
            library: SampleLibrary.context,
            now: Timestamp(milliseconds: 1_700_000_000_000)
        )
        guard case .failure(let refusal) = answer else {
            throw BrokenPromise(description: "nobody is let in")
        }
        _ = String(describing: refusal)
    }
}

/// The shape of a token, written down a second time: in bits and from the documentation, not from the code.
private enum WrittenToken {
    static let secretStart = 13
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `sgw_` + 8 digits + `_` + 43 digits + the checksum of all that in 6 digits.
    static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 62, bytes.starts(with: "sgw_".utf8), bytes[12] == UInt8(ascii: "_") else {
            return false
        }
        let isOfDigits = (bytes[4..<12] + bytes[13...]).allSatisfy { digits.contains($0) }
        return isOfDigits && bytes.suffix(6).elementsEqual(checksum(of: bytes.prefix(56)))
    }

    /// A token whose digits the input chooses.
    static func made(of input: [UInt8]) -> String {
        let chosen = (0..<51).map { index in
            let byte = input.isEmpty ? 0 : Int(input[index % input.count]) + index / input.count
            return digits[byte % digits.count]
        }
        let start = Array("sgw_".utf8) + chosen.prefix(8) + [UInt8(ascii: "_")] + chosen.dropFirst(8)
        return String(decoding: checked(start), as: UTF8.self)
    }

    /// The bytes, and the checksum that belongs to them.
    static func checked(_ start: some Collection<UInt8>) -> [UInt8] {
        start + checksum(of: start)
    }

    /// CRC-32 of IEEE 802.3, bit by bit, as six digits of base 62.
    private static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var rest: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            for bit in 0..<8 {
                let isOdd = (rest ^ UInt32(byte >> bit)) & 1 == 1
                rest = isOdd ? (rest >> 1) ^ 0xEDB8_8320 : rest >> 1
            }
        }
        var number = Int(~rest)
        var text: [UInt8] = []
        for _ in 0..<6 {
            text.insert(digits[number % 62], at: 0)
            number /= 62
        }
        return text
    }
}
