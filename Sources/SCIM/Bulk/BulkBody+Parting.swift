// How a cycle of references is broken (RFC 7644 §3.7.1): what cannot be set yet is set afterwards.
extension BulkBody {
    /// The body of a POST in two parts: the resource without what waits for others, and the PATCH that adds it.
    ///
    /// Of a list only the values that wait are left out, of the extension only the attributes, elsewhere the whole
    /// attribute: `manager` without its value is no manager.
    package func parted(awaiting names: Set<BulkID>) -> (now: BulkBody, later: BulkBody) {
        guard case .object(let resource) = json else { return (self, Self.adding(JSONObject())) }
        let parts = Self.parts(of: resource, awaiting: names)
        return (BulkBody(.object(parts.now)), Self.adding(parts.later))
    }

    private static func parts(of attributes: JSONObject, awaiting names: Set<BulkID>)
        -> (now: JSONObject, later: JSONObject)
    {
        var now = JSONObject()
        var later = JSONObject()
        for member in attributes.members {
            switch member.value {
            case let value where !refers(value, toAnyOf: names):
                now.append(member.name, value)
            case .array(let values):
                let staying = values.filter { !refers($0, toAnyOf: names) }
                if !staying.isEmpty { now.append(member.name, .array(staying)) }
                later.append(member.name, .array(values.filter { refers($0, toAnyOf: names) }))
            case .object(let extended) where SchemaURI.resourceSchemas.contains(SchemaURI(member.name)):
                let parts = parts(of: extended, awaiting: names)
                if !parts.now.members.isEmpty { now.append(member.name, .object(parts.now)) }
                later.append(member.name, .object(parts.later))
            case let value:
                later.append(member.name, value)
            }
        }
        return (now, later)
    }

    private static func refers(_ json: JSONValue, toAnyOf names: Set<BulkID>) -> Bool {
        BulkBody(json).references.contains(where: names.contains)
    }

    /// A PATCH that adds these attributes.
    private static func adding(_ attributes: JSONObject) -> BulkBody {
        let operation = JSONObject([
            .init(name: "op", value: .string("add")), .init(name: "value", value: .object(attributes)),
        ])
        return BulkBody(
            .object(JSONObject([.init(name: "Operations", value: .array([.object(operation)]))])),
            isPatch: true
        )
    }
}
