internal import Glibc

/// Looks names up as every program of this machine does: getaddrinfo(3).
package enum NameLookup {
    /// The addresses of a host, none twice, in the order in which they are tried; none when the name is not known.
    ///
    /// Blocks, for as long as the resolver waits: not for an event loop.
    package static func addresses(of host: String) -> [String] {
        var wish = unsafe addrinfo()
        unsafe wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &wish, &found) == 0 else { return [] }
        defer { unsafe freeaddrinfo(found) }
        var addresses: [String] = []
        var next = unsafe found
        while let entry = unsafe next {
            if let text = unsafe text(of: entry), !addresses.contains(text) { addresses.append(text) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func text(of entry: UnsafeMutablePointer<addrinfo>) -> String? {
        var room = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe getnameinfo(
            entry.pointee.ai_addr,
            entry.pointee.ai_addrlen,
            &room,
            socklen_t(room.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        return code == 0
            ? String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
