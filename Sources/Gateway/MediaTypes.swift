import SCIM

/// The media types of SCIM messages (RFC 7644 §3.1, §8.1).
enum MediaTypes {
    /// What everybody gets.
    static let scim = "application/scim+json"
    /// What a client gets that accepts nothing else.
    static let json = "application/json"
    /// How a client accepts both.
    private static let both = "\(scim), \(json)"

    /// The type of the answer: `application/json` only when that is all that `Accept` allows.
    ///
    /// Anything else, `text/html` included, gets SCIM JSON: an HTML or 406 answer makes Entra fail with a
    /// deserialisation error.
    static func answer(accepting accept: String?) -> String {
        // What Entra and curl send: nothing to take apart.
        guard let accept, accept != scim, accept != "*/*", accept != both else { return scim }
        let ranges = accept.split(separator: ",").map { essence(of: $0) }
        if ranges.contains(where: { $0 == "*/*" || $0 == "application/*" || $0 == scim }) { return scim }
        return ranges.contains(json) ? json : scim
    }

    /// Whether a body of that type is read.
    ///
    /// A missing type is taken as SCIM JSON.
    static func isReadable(_ contentType: String?) -> Bool {
        // What Entra and curl send: taking it apart costs as much as reading the body does.
        guard let contentType, !usual.contains(contentType) else { return true }
        let type = essence(of: Substring(contentType))
        guard type == scim || type == json else { return false }
        let charset = contentType.lowercased().split(separator: ";").dropFirst()
            .map { $0.filter { $0 != " " && $0 != "\"" && $0 != "\t" } }.first { $0.hasPrefix("charset=") }
        return charset == nil || charset == "charset=utf-8"
    }

    /// Types that are read, in the spelling of nearly every client.
    private static let usual = [scim, json, "\(scim); charset=utf-8", "\(json); charset=utf-8"]

    /// `type/subtype` in lower case, without parameters and white space.
    private static func essence(of range: Substring) -> String {
        let type = range.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return type.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
}
