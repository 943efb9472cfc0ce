internal import Configuration

/// Where a listener listens: an address and a port.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IP address without brackets, or a host name.
    package let host: String
    /// The port; 0 lets the system choose.
    package let port: Int

    /// Whether only this machine reaches it: 127.0.0.0/8, ::1, or localhost.
    var isLoopback: Bool {
        guard let bytes = IPAddress(host)?.bytes else { return host.lowercased() == "localhost" }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// `[::]:8443`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Where clients call: `https://scim.msp.example`, the start of every `meta.location`.
package struct PublicURL: Sendable, Hashable, CustomStringConvertible {
    /// The host in lower case; an IPv6 address in brackets.
    package let host: String
    /// The port, when it is not 443.
    package let port: Int?

    /// The text without a final slash.
    package var description: String { "https://\(host)\(port.map { ":\($0)" } ?? "")" }
}

extension SettingType where Value == ListenAddress {
    /// `HOST:PORT`.
    static let address = SettingType.scalar(.form(.address)) { (text) throws(SettingDamage) in
        let wrong = SettingDamage(
            "'\(Quoted.text(text))' is no address and port",
            fix: "write \"[::]:8443\" for all addresses, or 127.0.0.1:8443"
        )
        guard let (host, port) = HostText.split(text), let port else { throw wrong }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return ListenAddress(host: bare, port: port)
    }
}

extension SettingType where Value == PublicURL {
    /// `https://HOST[:PORT]`.
    static let publicURL = SettingType.scalar(.form(.origin)) { (text) throws(SettingDamage) in
        guard text.hasPrefix("https://") else {
            throw SettingDamage("a public URL begins with https://", fix: "write https://scim.example.com")
        }
        var rest = String(text.dropFirst("https://".count))
        if rest.hasSuffix("/") { rest = String(rest.dropLast()) }
        guard !rest.contains(where: { "/?#@".contains($0) }) else {
            throw SettingDamage(
                "a public URL holds a host and a port only",
                fix: "leave the path out; /scim/v2 is added to it"
            )
        }
        guard let (host, port) = HostText.split(rest) else {
            throw SettingDamage("'\(Quoted.text(rest))' is no host", fix: "write https://scim.example.com")
        }
        return PublicURL(host: host.lowercased(), port: port == 443 ? nil : port)
    }
}

extension SettingType where Value == String {
    /// A host name or an address, in lower case.
    static let host = SettingType.scalar(.form(.host)) { (text) throws(SettingDamage) in
        let lower = text.lowercased()
        if let address = IPAddress(lower) { return address.bytes.count == 16 ? "[\(address)]" : lower }
        guard let (host, port) = HostText.split(lower), port == nil else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is no host name",
                fix: "write the name alone, without https:// and port"
            )
        }
        return host
    }
}

extension SettingType where Value == Network {
    /// A network in CIDR form.
    static let network = SettingType.scalar(.form(.network)) { (text) throws(SettingDamage) in
        try NetworkText.read(text)
    }
}

/// One entry of `allow_from`.
enum SourceEntry: Sendable {
    /// Everywhere.
    case any
    /// The networks of Entra in the profile's cloud.
    case entra
    /// One network.
    case network(Network)

    /// - Throws: what is wrong, and how to write it.
    static func read(_ text: String) throws(SettingDamage) -> SourceEntry {
        switch text {
        case "any": .any
        case "entra": .entra
        default: .network(try NetworkText.read(text))
        }
    }
}

extension SettingType where Value == SourceEntry {
    /// `any`, `entra` or a network.
    static let source = SettingType.scalar(.form(.source)) { (text) throws(SettingDamage) in
        try SourceEntry.read(text)
    }
}

extension TextForm {
    /// `HOST:PORT`, an IPv6 address in brackets.
    static let address = TextForm(
        words: "an address and a port, an IPv6 address in brackets",
        example: "\"[::]:8443\"",
        pattern: #"^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+):[0-9]{1,5}$"#
    )
    /// `https://HOST[:PORT]` without a path.
    static let origin = TextForm(
        words: "https://HOST[:PORT], without a path",
        example: "https://scim.msp.example",
        pattern: "^https://[^/?#@]+/?$"
    )
    /// A host name or an address, without a port.
    static let host = TextForm(
        words: "a host name or an address, without a port",
        example: "scim.msp.example",
        pattern: #"^([0-9A-Za-z.-]+|\[?[0-9A-Fa-f:.]+\]?)$"#
    )
    /// `any`, `entra`, or a network in CIDR form.
    static let source = TextForm(
        words: "any, entra, or a network in CIDR form",
        example: "203.0.113.0/28",
        pattern: "^(any|entra|\(networkPattern))$"
    )
    /// A network in CIDR form.
    static let network = TextForm(
        words: "a network in CIDR form",
        example: "203.0.113.0/28",
        pattern: "^(\(networkPattern))$"
    )

    private static let networkPattern = "[0-9A-Fa-f:.]+(/[0-9]{1,3})?"
}

/// Networks in files.
private enum NetworkText {
    static func read(_ text: String) throws(SettingDamage) -> Network {
        do throws(Network.Damage) {
            return try Network(text)
        } catch {
            switch error {
            case .notANetwork:
                throw SettingDamage(
                    "'\(Quoted.text(text))' is no network",
                    fix: "write 203.0.113.0/28 or 2001:db8::/32"
                )
            case .bitsAfterPrefix(let containing, let narrower):
                throw SettingDamage(
                    "'\(Quoted.text(text))' has bits set after the prefix",
                    fix: "write \(containing), or \(narrower) if you meant that network"
                )
            }
        }
    }
}

/// Hosts and ports in files.
private enum HostText {
    /// `HOST` or `HOST:PORT`; the host is a name, an IPv4 address, or an IPv6 address in brackets,
    /// which it keeps.
    static func split(_ text: String) -> (host: String, port: Int?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inside = String(text[text.index(after: text.startIndex)..<end])
            guard inside.contains(":"), IPAddress(inside) != nil else { return nil }
            return port(of: text[text.index(after: end)...]).map { ("[\(inside)]", $0) }
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        let host = String(text[..<end])
        guard isName(host) else { return nil }
        return port(of: text[end...]).map { (host, $0) }
    }

    /// Nothing, or a colon and 0…65535.
    ///
    /// The outer nil is for what is neither.
    private static func port(of text: Substring) -> Int?? {
        guard !text.isEmpty else { return .some(nil) }
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), port <= 65_535
        else { return nil }
        return .some(port)
    }

    /// Letters, digits, dashes and dots, as in RFC 1123 §2.1; IPv4 addresses fall under it.
    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { Base62.isDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }
}
