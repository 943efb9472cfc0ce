/// A page of resources (RFC 7644 §3.4.2), by index or by cursor (RFC 9865 §2).
///
/// ```
/// {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,
/// "startIndex":1,"itemsPerPage":2,"Resources":[{…},{…}]}
///
/// {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,
/// "itemsPerPage":2,"nextCursor":"VZUTiyhEQJ94IR","Resources":[{…},{…}]}
/// ```
package enum ListResponse {
    /// The page as bytes.
    ///
    /// `Resources` is there even when it is empty: Entra expects it.
    ///
    /// - Parameters:
    ///   - resources: The resources of this page, each rendered already.
    ///   - totalResults: How many match in all.
    ///   - startIndex: The place of the first one among all matches, 1-based; nil on a page by cursor.
    ///   - nextCursor: What asks for the next page by cursor; nil when there is none.
    /// - Returns: One line of JSON.
    package static func body(
        _ resources: [[UInt8]],
        totalResults: Int,
        startIndex: Int?,
        nextCursor: String? = nil
    ) -> [UInt8] {
        var json = JSONWriter(capacity: resources.reduce(256) { $0 + $1.count + 1 })
        json.raw(beginning[...])
        json.member(.totalResults, totalResults)
        if let startIndex { json.member(.startIndex, startIndex) }
        json.member(.itemsPerPage, resources.count)
        if let nextCursor { json.member(.nextCursor, nextCursor) }
        json.name(.resources)
        json.beginArray()
        for resource in resources { json.json(resource) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// What every page begins with.
    private static let beginning = Array(
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]"#.utf8
    )
}

extension JSONName {
    fileprivate static let totalResults = JSONName("totalResults")
    fileprivate static let startIndex = JSONName("startIndex")
    fileprivate static let itemsPerPage = JSONName("itemsPerPage")
    fileprivate static let nextCursor = JSONName("nextCursor")
    fileprivate static let resources = JSONName("Resources")
}
