/// A page of resources (RFC 7644 §3.4.2).
///
/// ```
/// {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,
/// "startIndex":1,"itemsPerPage":2,"Resources":[{…},{…}]}
/// ```
package enum ListResponse {
    /// The page as bytes.
    ///
    /// `Resources` is there even when it is empty: Entra expects it.
    ///
    /// - Parameters:
    ///   - resources: The resources of this page, each rendered already.
    ///   - totalResults: How many match in all.
    ///   - startIndex: The place of the first one among all matches, 1-based.
    /// - Returns: One line of JSON.
    package static func body(_ resources: [[UInt8]], totalResults: Int, startIndex: Int) -> [UInt8] {
        var json = JSONWriter(capacity: resources.reduce(256) { $0 + $1.count + 1 })
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
        json.member("totalResults", totalResults)
        json.member("startIndex", startIndex)
        json.member("itemsPerPage", resources.count)
        json.name("Resources")
        json.beginArray()
        for resource in resources { json.json(resource) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
