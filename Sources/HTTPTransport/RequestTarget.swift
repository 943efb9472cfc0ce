internal import HTTPTypes

/// The target of a request line, taken apart (RFC 9112 §3.2).
///
///     /scim/v2/Users?count=1                        origin-form
///     https://scim.example.com/scim/v2/Users        absolute-form: authority and path
///     *                                             asterisk-form, with OPTIONS only
///
/// The path stays as it was sent: percent-encoding and dots are for whoever finds the endpoint.
struct RequestTarget: Equatable {
    /// Path and query, "*" for asterisk-form.
    let path: String

    /// The authority of an absolute-form target, which stands above `Host` (RFC 9112 §3.2.2).
    let authority: String?

    /// Takes a target apart.
    /// - Throws: `.badRequest(.target)` for any other form, CONNECT's too, and for bytes that RFC 3986 forbids;
    ///   a fragment is among them.
    init(_ text: String, method: HTTPRequest.Method) throws(HTTPRefusal) {
        guard Self.hasSoundBytes(text.utf8), method != .connect else {
            throw .badRequest(.target)
        }
        if text.utf8.first == UInt8(ascii: "/") {
            path = text
            authority = nil
            return
        }
        if method == .options, text.utf8.elementsEqual("*".utf8) {
            path = text
            authority = nil
            return
        }
        guard let afterScheme = Self.afterScheme(text) else {
            throw .badRequest(.target)
        }
        let host = afterScheme.prefix { $0 != "/" && $0 != "?" }
        guard HostSyntax.isValid(host.utf8) else {
            throw .badRequest(.target)
        }
        let rest = afterScheme[host.endIndex...]
        authority = String(host)
        path = rest.utf8.first == UInt8(ascii: "/") ? String(rest) : "/" + rest
    }

    private static func afterScheme(_ text: String) -> Substring? {
        for scheme in ["https://", "http://"] as [StaticString]
        where isSameToken(text.prefix(scheme.utf8CodeUnitCount).utf8, scheme) {
            return text.dropFirst(scheme.utf8CodeUnitCount)
        }
        return nil
    }

    private static func hasSoundBytes(_ bytes: String.UTF8View) -> Bool {
        var check = ByteCheck()
        for byte in bytes {
            guard check.takes(byte) else {
                return false
            }
        }
        return check.isComplete
    }

    /// Visible ASCII without `#`, every `%` before two hexadecimal digits.
    ///
    /// Characters that RFC 3986 wants encoded but no reader takes for anything else, `[` `]` `"` `|` in
    /// filters, are let through.
    struct ByteCheck {
        private var digitsDue = 0

        /// Whether the bytes so far are sound, if the last one is no `%` without its digits.
        var isComplete: Bool { digitsDue == 0 }

        /// Takes the next byte; false when it makes the target unsound.
        mutating func takes(_ byte: UInt8) -> Bool {
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#") else {
                return false
            }
            if digitsDue > 0 {
                guard hexValue(byte) != nil else {
                    return false
                }
                digitsDue -= 1
            } else if byte == UInt8(ascii: "%") {
                digitsDue = 2
            }
            return true
        }
    }
}

/// `host [ ":" port ]` as it may stand in `Host` and in an absolute-form target (RFC 9110 §7.2).
enum HostSyntax {
    /// Whether the text is a name, an IPv4 address or an IPv6 address in brackets, with an optional port 0…65535.
    ///
    /// Narrower than RFC 3986: no user, no percent-encoding, no sub-delimiters, not empty. No name that a
    /// listener can serve has these, and a reader that splits at `@` or `,` would see another host.
    static func isValid(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
                return false
            }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard address.count >= 2, address.allSatisfy(isAddressByte) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix(while: isNameByte)
            guard !name.isEmpty, name.count <= 255 else {
                return false
            }
            rest = rest[name.endIndex...]
        }
        return rest.isEmpty || isPort(rest)
    }

    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(isDigit)
        else {
            return false
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65_535
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_")
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
