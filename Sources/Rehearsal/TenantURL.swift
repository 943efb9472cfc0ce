/// The address that a client is given, taken apart.
package struct TenantURL: Sendable, Equatable {
    /// As written.
    package let text: String
    /// Its host; an IPv6 address without brackets.
    package let host: String
    /// Its port, 443 unless it says another.
    package let port: Int

    /// Takes an `https` URL; nil for anything else, and for one with a user or password in it.
    package init?(_ text: String) {
        let scheme = "https://"
        guard text.hasPrefix(scheme) else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        let (name, rest): (Substring, Substring)
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            name = authority[..<end].dropFirst()
            rest = authority[end...].dropFirst()
        } else {
            name = authority.prefix { $0 != ":" }
            rest = authority[name.endIndex...]
        }
        guard !name.isEmpty, rest.isEmpty || rest.hasPrefix(":") else { return nil }
        guard let port = rest.isEmpty ? 443 : UInt16(rest.dropFirst()), port > 0 else { return nil }
        self.text = text
        self.host = String(name)
        self.port = Int(port)
    }
}
