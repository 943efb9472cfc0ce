package import Outbound
internal import SCIM

/// The requests of Entra's provisioning service, in the shapes in which it sends them by default (without
/// `aadOptscim062020`).
///
/// Source: Microsoft, "Develop and plan provisioning for a SCIM endpoint" and "Known issues and resolutions with SCIM 2.0
/// protocol compliance". There is no `User-Agent`: Entra is reported to send none, and a firewall that refuses such
/// requests is to be found.
package struct EntraRequests: Sendable {
    /// The Tenant URL, without a slash at its end.
    private let tenantURL: String
    private let fields: [HTTPSField]

    /// What Entra's service offers in its handshakes: TLS 1.2, and Microsoft's suites in Microsoft's order.
    package static let offer = TLSOffer(
        version: .tls12,
        suites: [
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384",
            "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384",
        ]
    )

    /// The requests to that Tenant URL with that token.
    package init(tenantURL: String, token: String) {
        self.tenantURL = String(tenantURL.reversed().drop { $0 == "/" }.reversed())
        fields = [
            HTTPSField("Authorization", "Bearer \(token)"), HTTPSField("Accept", "application/scim+json"),
        ]
    }

    /// Finds the learners of that userName; with a random GUID, this is "Test connection".
    package func find(userName: String) -> HTTPSRequest {
        get("/Users?filter=userName+eq+%22\(Self.encoded(userName))%22")
    }

    /// Reads one learner.
    package func read(_ id: String) -> HTTPSRequest { get("/Users/\(Self.encoded(id))") }

    /// Makes a learner.
    package func create(_ learner: SampleLearner) -> HTTPSRequest {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemas", strings: [Self.userSchema, Self.enterpriseSchema])
        json.member("externalId", learner.externalID)
        json.member("userName", learner.userName)
        json.member("active", true)
        json.name("meta")
        json.beginObject()
        json.member("resourceType", "User")
        json.endObject()
        json.name("name")
        json.beginObject()
        json.member("familyName", learner.familyName)
        json.member("givenName", learner.givenName)
        json.endObject()
        json.name(Self.enterpriseSchema)
        json.beginObject()
        json.member("department", learner.department)
        json.member("employeeNumber", learner.employeeNumber)
        json.endObject()
        json.endObject()
        return writing(.post, "/Users", json.bytes)
    }

    /// Changes a learner's department and manager, each by an operation of its own; the manager's id is a bare string.
    package func change(_ id: String, department: String, manager: String) -> HTTPSRequest {
        patch(
            id,
            replacing: [
                ("\(Self.enterpriseSchema):department", department),
                ("\(Self.enterpriseSchema):manager", manager),
            ]
        )
    }

    /// Switches a learner off or on: the boolean is a string.
    package func setActive(_ id: String, _ isActive: Bool) -> HTTPSRequest {
        patch(id, replacing: [("active", isActive ? "True" : "False")])
    }

    /// Deletes a learner.
    package func delete(_ id: String) -> HTTPSRequest {
        HTTPSRequest(.delete, "\(tenantURL)/Users/\(Self.encoded(id))", fields: fields)
    }

    /// Counts the learners, all of them or those of ``SampleLearner/simulatedDomain``: not a request of Entra's.
    package func count(onlySimulated: Bool) -> HTTPSRequest {
        get("/Users?count=0" + (onlySimulated ? "&filter=\(Self.simulatedFilter)" : ""))
    }

    /// A page of learners of ``SampleLearner/simulatedDomain``, their ids alone: not a request of Entra's.
    package func simulatedIDs(count: Int) -> HTTPSRequest {
        get("/Users?count=\(count)&attributes=id&filter=\(Self.simulatedFilter)")
    }
}

// MARK: - Parts of a request

extension EntraRequests {
    static let userSchema = "urn:ietf:params:scim:schemas:core:2.0:User"
    static let enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    private static let patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    private static let simulatedFilter = "userName+ew+%22\(encoded("@" + SampleLearner.simulatedDomain))%22"

    private func get(_ path: String) -> HTTPSRequest {
        HTTPSRequest(.get, tenantURL + path, fields: fields)
    }

    private func writing(_ method: HTTPSRequest.Method, _ path: String, _ body: [UInt8]) -> HTTPSRequest {
        let type = HTTPSField("Content-Type", "application/scim+json; charset=utf-8")
        return HTTPSRequest(method, tenantURL + path, fields: fields + [type], body: body)
    }

    private func patch(_ id: String, replacing values: [(path: String, value: String)]) -> HTTPSRequest {
        var json = JSONWriter()
        json.beginObject()
        json.member("schemas", strings: [Self.patchSchema])
        json.name("Operations")
        json.beginArray()
        for (path, value) in values {
            json.beginObject()
            json.member("op", "Replace")
            json.member("path", path)
            json.member("value", value)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return writing(.patch, "/Users/\(Self.encoded(id))", json.bytes)
    }

    /// A value inside a query or a path: RFC 3986 §2.1 for all that is not unreserved.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
