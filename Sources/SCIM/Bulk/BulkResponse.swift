/// The answer to a bulk request: what became of each operation that was done (RFC 7644 §3.7.3).
///
/// ```
/// {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[
/// {"location":"https://…/Users/92b725cd","method":"POST","bulkId":"qwerty","version":"W/\"1\"","status":"201"}]}
/// ```
package struct BulkResponse: Sendable {
    /// In the order of the request; what was not done is not in it.
    package let results: [Result]

    /// What became of one operation.
    package struct Result: Sendable {
        /// The method as asked for.
        package let method: String?
        /// What the client calls it.
        package let bulkID: BulkID?
        /// Where the resource is; nil when there is none, as after a POST that failed.
        package var location: String?
        /// The `ETag` that a single request would have got.
        package var version: String?
        /// What became of it.
        package var ending: Ending

        /// How an operation ended.
        package enum Ending: Sendable {
            /// As asked: the HTTP status.
            case done(status: Int)
            /// Not at all, or not wholly.
            case failed(SCIMError)
        }

        /// What became of that operation.
        package init(of operation: BulkOperation, _ ending: Ending) {
            method = operation.method.text
            bulkID = operation.bulkID
            self.ending = ending
        }
    }

    /// An answer of these results.
    package init(results: [Result]) {
        self.results = results
    }

    /// The answer as one line of JSON.
    ///
    /// The bodies of operations that succeeded are left out, as the RFC allows: clients read what they want to know.
    package var body: [UInt8] {
        var json = JSONWriter(capacity: 128 + results.count * 192)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"])
        json.name("Operations")
        json.beginArray()
        for result in results { json.result(result) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func result(_ result: BulkResponse.Result) {
        beginObject()
        if let location = result.location { member("location", location) }
        if let method = result.method { member("method", method) }
        if let bulkID = result.bulkID { member("bulkId", bulkID.text) }
        if let version = result.version { member("version", version) }
        switch result.ending {
        case .done(let status):
            member("status", String(status))
        case .failed(let error):
            member("status", String(error.status))
            name("response")
            json(error.body)
        }
        endObject()
    }
}
