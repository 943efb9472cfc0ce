import SCIM

/// A PATCH operation as an input of the fuzzer writes it.
///
/// ```
/// replace emails[type eq "work"].value      the operation, then the path
/// "ada@example.org"                         behind the line end: the value as JSON
/// ```
struct WrittenOperation {
    /// The word for `op`.
    let name: String
    /// The path; empty for none.
    let path: String
    /// The bytes of the value; nil without a second line.
    let value: [UInt8]?

    init(_ input: [UInt8]) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let words = lines[0].split(
            separator: UInt8(ascii: " "),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        name = String(decoding: words[0], as: UTF8.self)
        path = words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
        value = lines.count > 1 ? Array(lines[1]) : nil
    }

    /// The request that says so; nil when that is refused before it is applied.
    func request() throws(BrokenPromise) -> PatchRequest? {
        var json = JSONWriter()
        json.beginObject()
        json.name("Operations")
        json.beginArray()
        json.beginObject()
        json.member("op", name)
        if !path.isEmpty { json.member("path", path) }
        if let value {
            json.name("value")
            json.raw(value[...])
        }
        json.endObject()
        json.endArray()
        json.endObject()
        // A value that is no JSON, or has U+0000 in it, is for the other target.
        guard let body = try? JSONReader.read(json.bytes) else { return nil }
        do throws(SCIMError) {
            return try PatchRequest.reading(body)
        } catch {
            try promise("what is no PATCH is 400", error.status == 400)
            return nil
        }
    }
}
